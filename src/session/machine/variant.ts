/** The events, effects or changes of a union that have this `type`. */
export type OfType<Union extends { readonly type: string }, Type extends Union['type']> = Extract<
  Union,
  { readonly type: Type }
>

/** The states of a union that have this `name`. */
export type OfName<Union extends { readonly name: string }, Name extends Union['name']> = Extract<
  Union,
  { readonly name: Name }
>

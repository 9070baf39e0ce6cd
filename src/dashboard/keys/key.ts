/** A key that was pressed: its name, or the text it stands for. */
export type Key =
  | { readonly name: 'up' | 'down' | 'page-up' | 'page-down' | 'home' | 'end' }
  | { readonly name: 'enter' | 'escape' | 'backspace' }
  | { readonly name: 'text'; readonly text: string }

/** Looks up a name that somebody else chose; undefined for the members that every object inherits, like `constructor`. */
export function ownMember<Value>(
  members: Readonly<Record<string, Value>>,
  name: string,
): Value | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined
}

/** The element of the page with this id, which the page is made with. */
export function element<Kind extends HTMLElement>(
  id: string,
  kind: abstract new (...none: never[]) => Kind,
): Kind {
  const found = document.getElementById(id)
  if (found instanceof kind) return found
  throw new Error(`the page has no ${id}`)
}

/** Puts a text into an element, whatever is in it. */
export function put(id: string, text: string): void {
  element(id, HTMLElement).textContent = text
}

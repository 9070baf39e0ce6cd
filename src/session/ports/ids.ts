/** Makes identifiers: unguessable, lower-case base32. */
export interface Ids {
  /** 16 characters, 80 bits. */
  session(): string
  /** 26 characters, 130 bits. */
  redemption(): string
}

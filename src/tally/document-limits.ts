/** Bytes of a saved document: many times what two people write into a tally, and read in a moment. */
export const MAX_DOCUMENT_BYTES = 1_048_576

/** The same without compression: what reading it takes of memory. */
export const MAX_DOCUMENT_PLAIN_BYTES = 4_194_304

/** Operations of a document, all that were ever made: some 0.1 s to read. */
export const MAX_DOCUMENT_OPERATIONS = 50_000

/** Changes of a document: three a day for nine years. */
export const MAX_DOCUMENT_CHANGES = 10_000

/** Levels of lists and maps in a document: as deep as `tally set` takes a value, below a key. */
export const MAX_DOCUMENT_DEPTH = 33

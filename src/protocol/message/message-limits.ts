/** Fields of an identity bundle. */
export const MAX_IDENTITY_FIELDS = 32
/** Characters of a field's name, and of a requirement. */
export const MAX_FIELD_NAME = 64
/** Characters of a field's value. */
export const MAX_FIELD_VALUE = 1_024
/** Bytes of a whole bundle as JSON: both bundles, the terms and the draft must fit in one frame. */
export const MAX_IDENTITY_BYTES = 8_192
/** Nodes that one party nominates. */
export const MAX_CADRE = 16
/** Characters of one cadre address. */
export const MAX_CADRE_ADDRESS = 256
/** Bytes of an invitation's terms as JSON. */
export const MAX_TERMS_BYTES = 8_192
/** Bytes of a draft's text as UTF-8. */
export const MAX_DRAFT_BYTES = 32_768
/** Bytes of a draft's text once it is a JSON string inside a message: quotes are escaped there. */
export const MAX_DRAFT_WIRE_BYTES = 40_960
/** Characters of a reason, a sentence for people. */
export const MAX_REASON = 512
/** Characters of the inviter's public name. */
export const MAX_NAME = 256
/** Characters of a bootstrap, session or redemption id. */
export const MAX_ID = 64
/** Characters of a tally id; a host's own database may have longer ones than ours. */
export const MAX_TALLY_ID = 128
/** Characters of a peer id. */
export const MAX_PEER_ID = 128
/** Characters of a database engine's name. */
export const MAX_DATABASE_ENGINE = 64
/** Characters of a database's address: room for a URL with several hosts. */
export const MAX_DATABASE_ENDPOINT = 1_024
/** Characters of the name of a credential; it is never the credential itself. */
export const MAX_CREDENTIALS_REF = 256
/** Characters of a credential for the partner: 32 random bytes have 43. */
export const MAX_DATABASE_SECRET = 256
/** Characters of a checkpoint: ours has 280, which leaves room for extension lines and the signatures of others. */
export const MAX_NOTE = 2_048
/** Characters of a receipt in a message: as canonical JSON it has less than 1,500. */
export const MAX_RECEIPT_TEXT = 2_048
/** Sizes from which a proof may be asked for: the newest proven checkpoint, and three that are not proven yet. */
export const MAX_SEEN = 4
/** Hashes of one proof: what a tree needs that has as many records as a double can count. */
export const MAX_PROOF_HASHES = 54
/** Milliseconds that a message can ask for: what a timer can hold. */
export const MAX_DELAY_MS = 2_147_483_647
/** Milliseconds since the epoch: what a date can say. */
export const MAX_TIME_MS = 8_640_000_000_000_000

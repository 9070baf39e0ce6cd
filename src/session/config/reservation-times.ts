/**
 * A use stays reserved for so many times `sessionTimeoutMs` while this side works on it: the session that reserved it is
 * over by then, and the peer's next one may be under way.
 */
export const RESERVATION_SESSION_TIMEOUTS = 2

/** A use stays reserved for so long while the invitee builds the database, ms: longer than any session of it lasts. */
export const DELEGATED_RESERVATION_MS = 600_000

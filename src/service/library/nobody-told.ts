import type { AuditHook } from '../../hooks/session-hooks.ts'

/** The audit hook of a host that has none: the audit itself is in the store. */
export const NOBODY_TOLD: AuditHook = { logSession: () => undefined }

/** The libp2p protocol id of the native bootstrap. */
export const BOOTSTRAP_PROTOCOL = '/taleus/bootstrap/2.0.0'

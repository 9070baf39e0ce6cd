/** Every bound that this room puts on connections, streams, dials and their buffers. */
export interface NetworkLimits {
  /** Connections open at once, in and out. At the limit a newcomer is refused, nobody is evicted. */
  readonly maxConnections: number
  /** Inbound connections of one peer at once. */
  readonly maxConnectionsPerPeer: number
  /** Inbound connections from one IPv4 address or IPv6 /64 at once; from this computer itself any number. */
  readonly maxConnectionsPerHost: number
  /** Inbound connections through one relay at once, whoever they are from. */
  readonly maxConnectionsPerRelay: number
  /** Inbound connections that have not finished noise and muxing. Beyond it newcomers are refused. */
  readonly maxPendingConnections: number
  /** Inbound handshakes that are begun at once; more wait for their turn. */
  readonly handshakesAtOnce: number
  /** New inbound connections per second from one host. */
  readonly connectionsPerSecondPerHost: number
  /** The same for a node that listens on loopback only. */
  readonly loopbackConnectionsPerSecond: number
  /** Milliseconds for an inbound connection to become a secured, muxed one; each side of HTTP too. */
  readonly upgradeTimeoutMs: number
  /** Milliseconds for a new stream to agree on its protocol, either way. */
  readonly negotiationTimeoutMs: number
  /** Bytes that a connection or stream may send before it has agreed on a protocol. */
  readonly maxUnnegotiatedBytes: number
  /** Bootstrap streams at once on one connection, per direction. */
  readonly maxStreamsPerConnection: number
  /** Streams of any protocol at once on one connection, per direction. */
  readonly maxMuxerStreams: number
  /** Streams that may arrive before the connection is announced inside this node. */
  readonly maxEarlyStreams: number
  /** Frames that the muxer of one connection takes in one turn of the event loop; of those that wait half as many. */
  readonly framesPerTurn: number
  /** Frames that belong to no stream, like signs of life, that a connection may send at once; then one a second. */
  readonly controlFramesAtOnce: number
  /** Bytes that one stream may hold unread or unsent, and its flow-control window. 256 KiB at least. */
  readonly streamBufferBytes: number
  /** Bytes that a connection may hold unsent beside what its streams hold. */
  readonly maxUnsentBytes: number
  /** Bytes of one WebSocket message. */
  readonly maxWebSocketMessageBytes: number
  /** Milliseconds between two signs of life asked of each connection. */
  readonly monitorIntervalMs: number
  /** Milliseconds, at least, that a peer has to give one. */
  readonly monitorTimeoutMs: number
  /** Milliseconds between two signs of life asked of a relay at which this node has a place. */
  readonly relayLookMs: number
  /** Milliseconds that the relay has to give one. */
  readonly relaySilenceMs: number
  /** Milliseconds that a connection may carry nothing before it is closed; at most twice as long. */
  readonly idleConnectionMs: number
  /** Milliseconds for one address of a link to answer. */
  readonly addressDialTimeoutMs: number
  /** Milliseconds for a peer beyond a relay to answer, with the way to the relay. */
  readonly circuitDialTimeoutMs: number
  /** Milliseconds after which a peer's relay is dialled at the latest, beside its other addresses. */
  readonly relayHeadStartMs: number
  /** Milliseconds without an answer after which the next address is tried beside those before it. */
  readonly dialStaggerMs: number
  /** The same while somebody has taken a connection, and it is being secured. */
  readonly takenDialStaggerMs: number
  /** Milliseconds before a peer is dialled again that was too busy to answer, the first time; then longer. */
  readonly busyPauseMs: number
  /** Peers being dialled at once. */
  readonly maxParallelDials: number
  /** Peers waiting to be dialled, with those being dialled. */
  readonly maxDialQueue: number
  /** Addresses tried for one peer. */
  readonly maxAddressesPerPeer: number
  /** Milliseconds that a half-closed stream waits for the other side before it is aborted. */
  readonly closeGraceMs: number
  /** Milliseconds for a node to stop. */
  readonly stopTimeoutMs: number
}

/** The limits of a node that is told no others. */
export const DEFAULT_NETWORK_LIMITS: NetworkLimits = {
  // Finding a free place walks all connections for each newcomer: quadratic, bearable to here.
  maxConnections: 4_000,
  // A peer needs one; a few more while old ones die. Else one peer could fill all places.
  maxConnectionsPerPeer: 16,
  // Enough for a conference hall behind one address, and eight hosts do not fill all places.
  maxConnectionsPerHost: 512,
  // As many as of a host: what comes through one relay does not fill all places either.
  maxConnectionsPerRelay: 512,
  // A thousand silent sockets must leave room for honest ones; each costs some 20 KB for 5 s.
  maxPendingConnections: 2_048,
  // Some ms of work each: all of them together well within a dialer's patience, and enough to fill the waits of each.
  handshakesAtOnce: 32,
  // A busy shop's customers share one address; a single core upgrades about this many a second.
  connectionsPerSecondPerHost: 128,
  // On loopback every peer is the same host, and anyone who can connect is already on the machine.
  loopbackConnectionsPerSecond: 10_000,
  // Three round trips on a bad mobile link, and short enough to shed silent sockets.
  upgradeTimeoutMs: 5_000,
  negotiationTimeoutMs: 5_000,
  // A negotiation is under 200 bytes.
  maxUnnegotiatedBytes: 2_048,
  // One peer may run a thousand sessions at once; half as many again for retries.
  maxStreamsPerConnection: 1_500,
  // Above the protocol's own limit, so that the polite refusal is met first.
  maxMuxerStreams: 2_048,
  // More than this aborts the whole connection: never below maxMuxerStreams, or a peer that opens
  // its streams right after dialling loses them all.
  maxEarlyStreams: 2_048,
  // A dozen sessions at once send fewer.
  framesPerTurn: 64,
  // Implementations send one every 10 to 30 s.
  controlFramesAtOnce: 64,
  // The smallest window that yamux allows; holds four of the largest frames.
  streamBufferBytes: 262_144,
  // Streams wait when a connection is full: this is a frame of each that was under way, and what answers the muxer's own.
  maxUnsentBytes: 1_048_576,
  // Noise sends at most 64 KiB in one message.
  maxWebSocketMessageBytes: 262_144,
  // A machine that sleeps or blocks for some seconds must not lose its sessions.
  monitorIntervalMs: 30_000,
  monitorTimeoutMs: 20_000,
  // A relay that has gone without a word is noticed in less than half a minute; and routers remember a connection that is
  // used so often.
  relayLookMs: 15_000,
  relaySilenceMs: 10_000,
  // A retry or a second stream comes within seconds; then the place is for somebody else.
  idleConnectionMs: 60_000,
  // Four round trips on a bad mobile link; a wrong one mostly stays silent.
  addressDialTimeoutMs: 4_000,
  // Twice the way: first to the relay, then through it, and each byte over both halves.
  circuitDialTimeoutMs: 8_000,
  // A direct answer takes less on most ways, and nobody notices so much more.
  relayHeadStartMs: 500,
  // RFC 8305 takes 250 ms: sixteen addresses have all begun after four seconds.
  dialStaggerMs: 250,
  // A busy listener must not be dialled on all its addresses at once; and where something takes every connection and
  // stays silent, a dozen such addresses still leave time for the good one.
  takenDialStaggerMs: 2_000,
  // A crowd is let in at so many a second: come again when the next second's turn is.
  busyPauseMs: 500,
  maxParallelDials: 100,
  // Above it a dial fails at once. A dial is small: room for a whole burst.
  maxDialQueue: 4_096,
  // A link holds fewer; names may resolve to several.
  maxAddressesPerPeer: 25,
  // The other side has nothing more to say after the last frame; then the stream's place is freed.
  closeGraceMs: 2_000,
  // Stopping drops everything in milliseconds when it works. It has been seen to hang.
  stopTimeoutMs: 3_000,
}

/** The defaults with some of them replaced. */
export function networkLimits(overrides: Partial<NetworkLimits> = {}): NetworkLimits {
  return { ...DEFAULT_NETWORK_LIMITS, ...overrides }
}

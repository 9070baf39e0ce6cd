import { Flags } from '@oclif/core'
import { FILE_FLAG } from '../paths/meant-path.ts'

/** The flags of `taleus relay`. */
export const relayFlags = {
  listen: Flags.string({
    description: 'Multiaddr to listen on; TALEUS_RELAY_LISTEN takes several, with commas.',
    env: 'TALEUS_RELAY_LISTEN',
    helpValue: 'MULTIADDR',
    multiple: true,
    delimiter: ',',
    default: ['/ip4/0.0.0.0/tcp/4720', '/ip4/0.0.0.0/tcp/4721/ws'],
  }),
  announce: Flags.string({
    description: 'Multiaddr to tell instead, e.g. of the TLS proxy before it.',
    env: 'TALEUS_RELAY_ANNOUNCE',
    helpValue: 'MULTIADDR',
    multiple: true,
    delimiter: ',',
  }),
  allow: Flags.string({
    description: 'Peer that may reserve a place.',
    env: 'TALEUS_RELAY_ALLOW',
    helpValue: 'PEER',
    multiple: true,
    delimiter: ',',
  }),
  'token-file': Flags.string({
    ...FILE_FLAG,
    description:
      'Whoever knows the token in this file may reserve; made and shown once if missing.',
    env: 'TALEUS_RELAY_TOKEN_FILE',
  }),
  open: Flags.boolean({
    description: 'Anybody may reserve. [default: nobody]',
    env: 'TALEUS_RELAY_OPEN',
  }),
  http: Flags.string({
    description: 'Tell health and metrics there.',
    env: 'TALEUS_RELAY_HTTP',
    helpValue: 'HOST:PORT',
  }),
  'drain-timeout': Flags.string({
    description: 'For how long circuits may go on when it stops. [default: 10s]',
    env: 'TALEUS_RELAY_DRAIN_TIMEOUT',
    helpValue: '10s',
  }),
  plain: Flags.boolean({
    description: 'One line per event, also on a terminal.',
    env: 'TALEUS_PLAIN',
  }),
} as const

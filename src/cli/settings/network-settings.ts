import type { SettingDefinition } from './setting-definition.ts'

/** The settings of where a listener is met, and by whom. */
export const NETWORK_SETTINGS = {
  listen: {
    kind: 'list',
    takesEffect: 'restart',
    description: 'Multiaddrs that `listen` accepts connections on.',
    min: 1,
    max: 16,
    fallback: ['/ip4/0.0.0.0/tcp/4710', '/ip4/0.0.0.0/tcp/4711/ws'],
    listenFlag: {
      description: 'Multiaddr to listen on; TALEUS_LISTEN takes several, with commas.',
      helpValue: 'MULTIADDR',
    },
  },
  announce: {
    kind: 'list',
    takesEffect: 'restart',
    description: 'Multiaddrs that links name instead of this computer’s own.',
    min: 0,
    max: 16,
    listenFlag: {
      description: 'Multiaddr to put into links instead; TALEUS_ANNOUNCE takes several.',
      helpValue: 'MULTIADDR',
    },
  },
  relay: {
    kind: 'list',
    takesEffect: 'restart',
    description:
      'Multiaddrs of relays by which others reach `listen` who can’t reach this computer.',
    min: 0,
    max: 2,
    listenFlag: {
      description: 'Multiaddr of a relay to be reached by; TALEUS_RELAY takes two, with a comma.',
      helpValue: 'MULTIADDR',
    },
  },
  'relay-token-file': {
    kind: 'path',
    takesEffect: 'restart',
    description: 'File with the token that these relays want to see; only its owner may read it.',
    min: 1,
    max: 4_096,
    listenFlag: { description: 'File with the token of these relays.', helpValue: 'FILE' },
  },
  mdns: {
    kind: 'choice',
    takesEffect: 'restart',
    description:
      '`on`: whoever has a link, and is on the same network, can ask there for the address that `listen` has now.',
    min: 2,
    max: 3,
    choices: ['on', 'off'],
    fallback: 'on',
    listenFlag: {
      description: 'Let those on this network who have a link ask where it is.',
      helpValue: 'on|off',
    },
  },
  upnp: {
    kind: 'choice',
    takesEffect: 'restart',
    description:
      '`on`: the router of this network is asked to pass connections on to `listen` (UPnP), as long as it runs.',
    min: 2,
    max: 3,
    choices: ['on', 'off'],
    fallback: 'off',
    listenFlag: {
      description: 'Have the router pass connections on to here (UPnP).',
      helpValue: '[on|off]',
    },
  },
  legacy: {
    kind: 'choice',
    takesEffect: 'restart',
    description:
      '`on`: `listen` serves older peers too (protocol 1.0.0), with weaker guarantees, see older-peers.md.',
    min: 2,
    max: 3,
    choices: ['on', 'off'],
    fallback: 'off',
    listenFlag: {
      description: 'Serve older peers too, with weaker guarantees.',
      helpValue: '[on|off]',
    },
  },
} as const satisfies Record<string, SettingDefinition>

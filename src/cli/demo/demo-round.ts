import { issueInvitation } from '../../service/invitations/issue-invitation.ts'
import type { BootstrapOutcome } from '../../service/redeeming/redeemer.ts'
import type { DemoParty } from './demo-party.ts'

/** One invitation, handed to everybody at once. */
export interface DemoRound {
  /** The inviter's role. */
  readonly role: 'stock' | 'foil'
  readonly link: string
  readonly outcomes: readonly { readonly invitee: DemoParty; readonly outcome: BootstrapOutcome }[]
  readonly ms: number
}

export interface DemoRoundInit {
  readonly inviter: DemoParty
  readonly invitees: readonly DemoParty[]
  readonly role: 'stock' | 'foil'
  /** Where the inviter's listener answers. */
  readonly addresses: readonly string[]
}

/** The invitation is good for as long as a demonstration may take, ms. */
const EXPIRES_MS = 600_000

/** Mints an invitation and has everybody redeem it at the same time. @throws StoreError */
export async function demoRound(init: DemoRoundInit): Promise<DemoRound> {
  const { inviter, invitees, role, addresses } = init
  const { link } = await issueInvitation(
    await inviter.context.store(),
    {
      role,
      uses: invitees.length,
      label: `demo, ${role}`,
      required: ['name'],
      optional: [],
      terms: { note: 'a demonstration' },
    },
    {
      peerId: await inviter.context.peerId(),
      addresses,
      expiresAt: (await inviter.context.clock()).now() + EXPIRES_MS,
    },
  )
  const started = performance.now()
  const outcomes = await Promise.all(
    invitees.map(async (invitee) => ({ invitee, outcome: await redeem(invitee, link) })),
  )
  return { role, link, outcomes, ms: performance.now() - started }
}

async function redeem({ name, context }: DemoParty, link: string): Promise<BootstrapOutcome> {
  const redeemer = await context.redeemer({})
  await redeemer.start()
  try {
    return await redeemer.redeemText(link, { name })
  } finally {
    await redeemer.stop()
  }
}

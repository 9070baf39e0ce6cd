import type { Disclosure } from '../../service/redeeming/disclosure.ts'
import type { SeenOffer } from '../../service/redeeming/seen-offer.ts'
import { CommandFailure } from '../errors/errors.ts'
import { type AskStreams, askFor, askYesNo, canAsk } from '../input/ask.ts'
import { wrongClockWarning } from '../output/clock-warning.ts'
import {
  type IdentityFields,
  isFieldName,
  parseIdentityFields,
} from '../settings/identity-fields.ts'
import type { ScreenText } from '../text/screen-text.ts'
import { disclosureLines, offerText, type Told } from './offer-text.ts'

export interface DialogueInit {
  /** A script has said yes beforehand: nothing is asked. */
  readonly yes: boolean
  /** Warns the user, also under `--json`. */
  warn(text: string): void
  /** Writes a line to stderr. */
  note(text: string): void
  /** Shows text on stderr. */
  show(text: ScreenText): void
}

/** The questions to a person who redeems an invitation. */
export class Dialogue {
  readonly #init: DialogueInit
  readonly #streams: AskStreams
  readonly #columns: number
  #isShown = false

  constructor(init: DialogueInit, streams: AskStreams, columns: number) {
    this.#init = init
    this.#streams = streams
    this.#columns = columns
  }

  /**
   * Shows the offer and asks for what the inviter requires and is not known here.
   * @returns undefined if there is nobody to ask
   * @throws CommandFailure `interrupted`
   */
  async complete(offer: SeenOffer, disclosure: Disclosure): Promise<IdentityFields | undefined> {
    const { yes, note } = this.#init
    const { missing } = disclosure
    if (yes || !canAsk(this.#streams) || !missing.every(isFieldName)) return undefined
    this.#showOffer(offer, disclosure)
    note(`The inviter requires your ${missing.join(', ')}. Nothing is told before you say yes.`)
    const given: string[] = []
    for (const field of missing) {
      const value = await beforeAnything(this.#askField(field))
      if (value === undefined) return undefined
      given.push(`${field}=${value}`)
    }
    note(`That is for this time. To keep it: taleus identity set ${missing.join('=… ')}=…`)
    return parseIdentityFields(given)
  }

  /**
   * Shows the offer, unless that is done, and asks. A yes that was given beforehand holds for one offer only.
   * @param isAnew another offer was agreed to before
   * @throws CommandFailure `not_interactive`, `interrupted`, `offer_changed`
   */
  async agree(offer: SeenOffer, told: Told, isAnew = false): Promise<boolean> {
    if (isAnew && this.#init.yes) throw new CommandFailure('offer_changed', { disclosed: [] })
    if (isAnew) this.#init.note('The inviter has changed its offer. This is the new one:')
    if (this.#isShown && !isAnew) this.#init.show(disclosureLines(told))
    else this.#showOffer(offer, told)
    if (this.#init.yes) return true
    return await beforeAnything(askYesNo('Start this tally?', this.#streams))
  }

  #showOffer(offer: SeenOffer, told: Told): void {
    const { wrongOwnTime, expiresAt } = offer
    if (wrongOwnTime !== undefined) {
      this.#init.warn(wrongClockWarning(wrongOwnTime, expiresAt * 1000))
    }
    this.#init.show(offerText(offer, told, this.#columns))
    this.#isShown = true
  }

  async #askField(field: string): Promise<string | undefined> {
    const take = (typed: string): string | undefined => {
      const value = typed.trim()
      if (value === '') return undefined
      try {
        return parseIdentityFields([`${field}=${value}`])[field]
      } catch (error) {
        this.#init.note(error instanceof Error ? error.message : String(error))
        return undefined
      }
    }
    return await askFor({ text: `Your ${field}:`, take }, this.#streams)
  }
}

/** A question that is interrupted has led to nothing. */
async function beforeAnything<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked
  } catch (cause) {
    const isInterrupted = cause instanceof CommandFailure && cause.code === 'interrupted'
    if (!isInterrupted) throw cause
    throw new CommandFailure('interrupted', { advice: 'Nothing was disclosed or used.', cause })
  }
}

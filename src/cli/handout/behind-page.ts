import type { Minted } from '../../service/invitations/mint.ts'
import type { Context } from '../context.ts'
import { parseSetting } from '../settings/setting-values.ts'

/**
 * The address of the page that new links are to lead to.
 * @param flag `--base-url`, if given; an empty one says none
 * @throws SettingValueError
 */
export async function pageOfLinks(
  context: Context,
  flag: string | undefined,
): Promise<string | undefined> {
  if (flag === '') return undefined
  const given = flag === undefined ? undefined : parseSetting('base-url', [flag])
  const { value } = (await context.settings()).effective('base-url', given)
  return typeof value === 'string' ? value : undefined
}

/** Puts all of a link behind the # of a page's address: a browser that opens it sends nothing of the link to the page's host. */
export function behindPage(minted: Minted, page: string | undefined): Minted {
  if (page === undefined) return minted
  return {
    ...minted,
    link: `${page}#${minted.link}`,
    *qrForms() {
      for (const form of minted.qrForms()) yield { ...form, text: `${page}#${form.text}` }
    },
  }
}

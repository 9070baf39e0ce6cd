import type { Settings } from './settings.ts'

/**
 * Reads from the settings where the party's store is.
 * @param wanted a value of the setting `store` that counts instead
 * @throws SettingValueError for a value in the environment that can't be meant
 */
export function storeChoice(
  settings: Pick<Settings, 'effective'>,
  environment: Readonly<Record<string, string | undefined>>,
  wanted?: string,
) {
  const { value: store } = settings.effective('store', wanted)
  const { value: passwordFile } = settings.effective('store-password-file')
  return {
    server: typeof store === 'string' && store !== 'sqlite' ? store : undefined,
    passwordFile: typeof passwordFile === 'string' ? passwordFile : undefined,
    environment,
  }
}

/** A setting's name or value that can't be. */
export class SettingValueError extends Error {
  override readonly name = 'SettingValueError'
  readonly code = 'setting_value'
}

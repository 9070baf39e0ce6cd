export interface SettingsFileDetails extends ErrorOptions {
  readonly path: string
}

/** The settings file is damaged, holds what can't be, or can't be read or written. It is left as it is. */
export class SettingsFileError extends Error {
  override readonly name = 'SettingsFileError'
  readonly code = 'settings_file'
  readonly path: string

  constructor(problem: string, { path, ...options }: SettingsFileDetails) {
    super(`${path}: ${problem}`, options)
    this.path = path
  }
}

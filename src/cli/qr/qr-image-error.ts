/** What can be wrong with a picture that should show a QR code. */
export type QrImageProblem =
  | 'not_an_image'
  | 'too_large'
  | 'too_many_pixels'
  | 'unreadable'
  | 'no_code'
  | 'no_link'
  | 'several'

const SENTENCES: Readonly<Record<QrImageProblem, string>> = {
  not_an_image: 'is not a PNG or JPEG picture',
  too_large: 'is too large a file',
  too_many_pixels: 'has too many pixels',
  unreadable: 'is a damaged picture',
  no_code: 'shows no QR code that could be read',
  no_link: 'shows a QR code, but not of a taleus link',
  several: 'shows more than one invitation',
}

export interface QrImageDetails extends ErrorOptions {
  readonly path: string
}

/** No single link could be read from a picture. Never holds what was read. */
export class QrImageError extends Error {
  override readonly name = 'QrImageError'
  readonly code = 'qr_image'
  readonly problem: QrImageProblem

  constructor(problem: QrImageProblem, { path, ...options }: QrImageDetails) {
    super(`${path} ${SENTENCES[problem]}`, options)
    this.problem = problem
  }
}

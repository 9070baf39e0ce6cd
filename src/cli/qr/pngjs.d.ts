/** The one function of the package that is used here. */
declare module 'pngjs' {
  const PNG: {
    readonly sync: {
      /** Unpacks to four bytes a pixel: red, green, blue, alpha. */
      read(
        bytes: Buffer,
        options: { readonly checkCRC: boolean },
      ): { readonly width: number; readonly height: number; readonly data: Buffer }
    }
  }

  export { PNG }
}

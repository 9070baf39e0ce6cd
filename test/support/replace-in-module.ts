import { syncBuiltinESMExports } from 'node:module'

/**
 * Replaces functions of one of Node's own modules, for everybody who imported them.
 * @returns a function that puts the real ones back
 */
export function replaceInModule<Module extends object>(
  module: Module,
  functions: Partial<Module>,
): () => void {
  const real = { ...module }
  Object.assign(module, functions)
  syncBuiltinESMExports()
  return () => {
    for (const name of Object.keys(functions)) Reflect.set(module, name, Reflect.get(real, name))
    syncBuiltinESMExports()
  }
}

/** Prints what a city and a country take, with all that is assumed: `node scripts/scale.ts`. */
import { generate } from './pages/scaling.ts'

console.log(generate())

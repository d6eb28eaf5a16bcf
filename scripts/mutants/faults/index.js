/**
 * @file The nine classes of faults in pooling code, each with mutants in several places, and classes for the command line, arguments, pyramids, windows, picks, pictures, shaders and the playground.
 */
import { shapes } from './f1-shapes.js'
import { indices } from './f2-indices.js'
import { numbers } from './f3-numbers.js'
import { ceil } from './f4-ceil.js'
import { values } from './f5-values.js'
import { tails } from './f6-tails.js'
import { dilation } from './f7-dilation.js'
import { checks } from './f8-checks.js'
import { siblings } from './f9-siblings.js'
import { commandLine } from './f10-command-line.js'
import { callerArguments } from './f11-arguments.js'
import { pyramids } from './f12-pyramids.js'
import { windows } from './f13-windows.js'
import { picks } from './f14-picks.js'
import { pictures } from './f15-pictures.js'
import { shaders } from './f16-shaders.js'
import { playground } from './f17-playground.js'

/**
 * A mutant has a name, a file, a text that occurs exactly once, and its replacement. `tests` are the tests that should fail,
 * unless it names its own; `named` is a pattern of those in them that run.
 */
export const faults = [
  shapes,
  indices,
  numbers,
  ceil,
  values,
  tails,
  dilation,
  checks,
  siblings,
  commandLine,
  callerArguments,
  pyramids,
  windows,
  picks,
  pictures,
  shaders,
  playground,
]

/** All mutants, numbered F1.1 to F17.n. */
export const mutants = faults.flatMap(({ title, tests, mutants }, i) =>
  mutants.map((mutant, j) => ({ tests, ...mutant, id: `F${i + 1}.${j + 1}`, fault: title })),
)

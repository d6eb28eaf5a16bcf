/**
 * @file Where the compiler knows Float16Array, its arrays are taken and given back. Compiled, not run.
 */
import { maxPool2d, tensor } from 'pool2d'

export const y: Float16Array = maxPool2d(tensor(new Float16Array(4), [1, 2, 2]), { kernelSize: 2 }).data

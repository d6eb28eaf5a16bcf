/**
 * @file pool2d/npy: numpy's files, read and written without Python. Runs in Node and in browsers.
 */
export type { Bytes } from '../bytes.ts'
export { formatNpy } from './format-npy.ts'
export { formatNpz, type NpzFormat } from './format-npz.ts'
export { isNpy, type NpyHeader, readNpyHeader } from './header.ts'
export { parseNpy } from './parse-npy.ts'
export { type NpzLimits, type NpzOptions, parseNpz } from './parse-npz.ts'
export { isZip } from './zip-directory.ts'

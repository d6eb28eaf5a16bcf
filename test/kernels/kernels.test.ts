/**
 * @file The contract, for every kernel of the registry but the reference ones, backends side by side.
 */
import { kernels } from '../../src/kernels/kernel.ts'
import { kernelSuite } from './kernel-suite.ts'

/** Kernels for one purpose come one after another, so that they share its answers. */
const byPurpose = kernels
  .filter(({ id }) => !id.endsWith('.reference'))
  .sort((a, b) => (a.id < b.id ? -1 : 1))

for (const kernel of byPurpose) kernelSuite(kernel)

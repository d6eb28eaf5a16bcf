/**
 * @file The contract, for every kernel of the registry but the reference ones, backends side by side.
 */
import { boundKernels } from './contract.ts'
import { kernelSuite } from './kernel-suite.ts'

for (const kernel of boundKernels) kernelSuite(kernel)

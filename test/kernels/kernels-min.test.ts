/**
 * @file The contract, for minima on every backend.
 */
import { boundKernels } from './contract.ts'
import { kernelSuite } from './kernel-suite.ts'

for (const kernel of boundKernels.filter(({ reducer }) => reducer === 'min')) kernelSuite(kernel)

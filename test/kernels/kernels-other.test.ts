/**
 * @file The contract, for all reducers but max, min and average, on every backend.
 */
import { boundKernels } from './contract.ts'
import { kernelSuite } from './kernel-suite.ts'

for (const kernel of boundKernels.filter(({ reducer }) => !['max', 'min', 'average'].includes(reducer)))
  kernelSuite(kernel)

/**
 * @file The contract, for averages on every backend.
 */
import { boundKernels } from './contract.ts'
import { kernelSuite } from './kernel-suite.ts'

for (const kernel of boundKernels.filter(({ reducer }) => reducer === 'average')) kernelSuite(kernel)

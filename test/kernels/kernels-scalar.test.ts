/**
 * @file The contract, for every kernel of the backend "scalar".
 */
import { boundKernels } from './contract.ts'
import { kernelSuite } from './kernel-suite.ts'

for (const kernel of boundKernels.filter(({ backend }) => backend === 'scalar')) kernelSuite(kernel)

/**
 * @file The contract, for every kernel of the backend "wasm".
 */
import { boundKernels } from './contract.ts'
import { kernelSuite } from './kernel-suite.ts'

for (const kernel of boundKernels.filter(({ backend }) => backend === 'wasm')) kernelSuite(kernel)

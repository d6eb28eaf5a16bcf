/**
 * @file What `@tensorflow/tfjs` is to the examples of the documents: its parts, which are installed for the tests, on the cpu backend.
 */
import '@tensorflow/tfjs-backend-cpu'

export * from '@tensorflow/tfjs-core'
export * from '@tensorflow/tfjs-layers'

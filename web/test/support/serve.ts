/**
 * @file Serves the built playground for all test files, from memory of the disk alone.
 */
import { fileURLToPath } from 'node:url'
import { preview } from 'vite'
import type { TestProject } from 'vitest/node'
import { launchBrowser } from './browser.ts'

declare module 'vitest' {
  interface ProvidedContext {
    address: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  /** Unpacks it before two files of tests want it at once. */
  await (await launchBrowser()).close()
  const server = await preview({
    root: fileURLToPath(new URL('../..', import.meta.url)),
    preview: { port: 0, host: '127.0.0.1' },
  })
  project.provide('address', server.resolvedUrls!.local[0]!)
  return () => server.close()
}

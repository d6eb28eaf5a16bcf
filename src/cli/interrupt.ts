/**
 * @file Ctrl-C: exit code 130, and no temporary file left behind.
 */

import { exitCodes } from './exit.ts'
import { removeStaged } from './files/write-files.ts'

function onInterrupt(): void {
  removeStaged()
  process.exit(exitCodes.interrupted)
}

export function handleInterrupts(): void {
  process.on('SIGINT', onInterrupt)
}

/** Runs what keeps the event loop busy, under the default handling, which ends the process at once; nothing is staged then. */
export function interruptible<T>(act: () => T): T {
  const handled = process.listeners('SIGINT').includes(onInterrupt)
  if (!handled) return act()
  process.off('SIGINT', onInterrupt)
  try {
    return act()
  } finally {
    process.on('SIGINT', onInterrupt)
  }
}

/**
 * @file Signals that end the program. The exit code is 128 plus the signal's number; temporary files are removed.
 */
import { constants } from 'node:os'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { removeStaged } from './files/write-files.ts'

const signals = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const

function onSignal(signal: NodeJS.Signals): void {
  removeStaged()
  process.exit(128 + constants.signals[signal])
}

export function handleSignals(): void {
  for (const signal of signals) process.on(signal, onSignal)
}

/** Runs a long synchronous step under default signal handling, which ends the process immediately. No temporary file exists then. */
export async function interruptible<T>(act: () => T): Promise<T> {
  const handled = signals.filter((signal) => process.listeners(signal).includes(onSignal))
  // A pending signal would be lost with its listener. Two turns of the event loop deliver it first.
  for (let turn = 0; turn < 2; turn++) await nextTurn()
  for (const signal of handled) process.off(signal, onSignal)
  try {
    return act()
  } finally {
    for (const signal of handled) process.on(signal, onSignal)
  }
}

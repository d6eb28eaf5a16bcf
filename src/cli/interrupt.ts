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

/**
 * Lets `act` end by itself when a signal comes, through `signal`, within four seconds; a second signal ends the program at once.
 *
 * @returns what `act` returned, or 128 and the signal's number
 */
export async function endingBySignal(act: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const control = new AbortController()
  const handled = signals.filter((signal) => process.listeners(signal).includes(onSignal))
  let code: number | undefined
  const stop = (signal: NodeJS.Signals): void => {
    if (code !== undefined) process.exit(code)
    code = 128 + constants.signals[signal]
    control.abort()
    setTimeout(() => process.exit(code), 4000).unref()
  }
  for (const signal of handled) process.off(signal, onSignal).on(signal, stop)
  try {
    const returned = await act(control.signal)
    return code ?? returned
  } finally {
    for (const signal of handled) process.off(signal, stop).on(signal, onSignal)
  }
}

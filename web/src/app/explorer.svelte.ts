/**
 * @file The one store: the state that the address holds, what the library made of it, and where the learner is looking.
 */
import { getContext, setContext } from 'svelte'
import { type Formula, formulaOf } from '../../../src/render/formula.ts'
import { gridsOf } from '../../../src/render/grids.ts'
import type { Pooling } from '../../../src/render/pooling.ts'
import type { Plane } from '../../../src/render/presets.ts'
import type { Scene } from '../../../src/render/scene.ts'
import {
  type Correction,
  channelsOf,
  formatState,
  type Language,
  parseState,
  type State,
} from '../../../src/render/state.ts'
import { readersOf } from '../../../src/render/windows.ts'
import { languageOf, type Messages, messages } from '../i18n/index.ts'
import { lessonOf, lessonStates } from '../model/lessons.ts'
import { LibraryWorker } from '../worker/client.ts'
import { recall, remember, type ThemeChoice } from './preferences.ts'

/** The effect of a change on the browser's history: a new entry, or a replaced one. */
export type Change = 'push' | 'replace'

export interface Pointed {
  readonly grid: 'input' | 'output'
  readonly place: number
}

export class Explorer {
  state = $state.raw<State>(parseState('').state)
  corrections = $state.raw<readonly Correction[]>([])
  #computed = $state.raw<Scene | null>(null)
  /** The library's refusal of the settings. */
  error = $state<string | null>(null)
  /** Hovered or focused; the pinned output counts where this is null. */
  pointed = $state.raw<Pointed | null>(null)
  playing = $state(false)
  /** Outputs that the learner may not see yet, while predicting. */
  hidden = $state.raw<ReadonlySet<number>>(new Set())
  theme = $state<ThemeChoice>(recall('theme') ?? 'auto')
  readonly worker = new LibraryWorker()
  /** Brings the picture into view and the focus to it; the picture says how. */
  lookAtStage: () => void = () => undefined
  /** Brings the open panel into view and the focus to it; the panels say how. */
  lookAtPanels: () => void = () => undefined
  /** Told of every change; the page writes its address. */
  onchange: (change: Change) => void = () => undefined

  readonly language: Language = $derived(
    this.state.language ?? recall('language') ?? languageOf(navigator.languages),
  )
  readonly words: Messages = $derived(messages[this.language])
  readonly pooling: Pooling = $derived(this.state.pooling)
  readonly input: readonly Plane[] = $derived(channelsOf(this.state.input))
  /** The latest that the library made; nothing while it has other channels than the input by now. */
  readonly scene: Scene | null = $derived(
    this.#computed !== null && this.#computed.input.length === this.input.length ? this.#computed : null,
  )
  readonly outputs: number = $derived(this.scene === null ? 0 : this.scene.output[0]!.values.length)
  readonly at: number = $derived(Math.min(this.state.at, Math.max(0, this.outputs - 1)))
  /** The output whose window is outlined: the one pointed at, unless the picture plays. */
  readonly shown: number = $derived(
    !this.playing && this.pointed?.grid === 'output' && this.pointed.place < this.outputs
      ? this.pointed.place
      : this.at,
  )
  readonly formula: Formula | null = $derived.by(() => {
    if (this.scene === null || this.outputs === 0) return null
    return formulaOf(this.scene, this.state.channel, this.shown)
  })
  /** Large type and no controls, for a lecture hall. */
  readonly isLecture: boolean = $derived(
    this.state.rest.get('lecture') === '1' && lessonOf(this.state.rest.get('lesson') ?? null) !== null,
  )
  /** The outputs that read the input pointed at. */
  readonly readers: readonly number[] | null = $derived.by(() => {
    if (this.scene === null || this.playing || this.pointed?.grid !== 'input') return null
    const { columns } = this.input[this.state.channel]!
    const { place } = this.pointed
    return gridsOf(this.scene).flatMap(({ scene, first }) => {
      const windows = scene.windows[this.state.channel]!
      return readersOf(windows, Math.floor(place / columns), place % columns).map((output) => first + output)
    })
  })

  #computing = 0
  /** True for a whole page, false for an element in another page. */
  readonly isPage: boolean

  constructor(text: string, isPage: boolean) {
    this.isPage = isPage
    this.load(text)
  }

  get text(): string {
    return formatState(this.state)
  }

  /** Takes over a whole state, as from the address. */
  load(text: string): void {
    const { state, corrections } = parseState(text)
    this.pointed = null
    this.state = state
    this.corrections = corrections
    this.#compute()
  }

  set(patch: Partial<State>, change: Change = 'push'): void {
    const { input, channel } = { ...this.state, ...patch }
    this.state = { ...this.state, ...patch, channel: Math.min(channel, channelsOf(input).length - 1) }
    if (patch.input !== undefined) this.pointed = null
    if (patch.pooling !== undefined || patch.input !== undefined) this.#compute()
    this.onchange(change)
  }

  setPooling(patch: Partial<Pooling>, change: Change = 'push'): void {
    this.set({ pooling: { ...this.pooling, ...patch } }, change)
  }

  setLanguage(language: Language): void {
    remember('language', language)
    this.set({ language }, 'replace')
  }

  setTheme(theme: ThemeChoice): void {
    remember('theme', theme)
    this.theme = theme
  }

  /** A panel's value in the address, under its key. */
  extra(key: string): string | null {
    return this.state.rest.get(key) ?? null
  }

  setExtras(entries: Iterable<readonly [string, string | null]>, change: Change = 'push'): void {
    const rest = new Map(this.state.rest)
    for (const [key, value] of entries) {
      if (value === null) rest.delete(key)
      else rest.set(key, value)
    }
    this.set({ rest }, change)
  }

  /** Counts the steps that were opened here; the lesson takes the focus at each. */
  visits = $state(0)

  /** Opens a step of the path; the answers so far, and the lecturer's mode, stay. */
  visitLesson(step: number, isLecture = this.isLecture): void {
    const { pooling, input, channel, at, rest: panels } = parseState(lessonStates[step]!).state
    const rest = new Map(panels)
    rest.set('lesson', `${step + 1}`)
    const learnt = this.extra('learnt')
    if (learnt !== null) rest.set('learnt', learnt)
    if (isLecture) rest.set('lecture', '1')
    this.playing = false
    this.visits++
    this.set({ pooling, input, channel, at, rest })
  }

  pin(at: number, change: Change = 'replace'): void {
    this.set({ at }, change)
  }

  /** Plays from the output that is shown, or from the first where that is the last. */
  play(): void {
    const from = this.shown
    this.pointed = null
    this.pin(from >= this.outputs - 1 ? 0 : from)
    this.playing = true
  }

  /** The latest request wins; until it is answered the old scene stays. */
  async #compute(): Promise<void> {
    const ticket = ++this.#computing
    try {
      const scene = await this.worker.latest('stage', 'scene', this.pooling, this.input)
      if (ticket !== this.#computing) return
      this.#computed = scene
      this.error = null
    } catch (error) {
      if (ticket !== this.#computing) return
      this.#computed = null
      this.playing = false
      this.error = (error as Error).message
    }
  }
}

const key = Symbol('explorer')

export function provideExplorer(explorer: Explorer): void {
  setContext(key, explorer)
}

export function useExplorer(): Explorer {
  return getContext<Explorer>(key)
}

/**
 * @file The text around the figures: its sentences are in the tables of the languages, with links as `[words](state)` and papers as `[1]`.
 */
export type Piece = {
  readonly text: string
  readonly state: string | null
  /** The number of a paper, from 1. */
  readonly paper?: number
}

export function piecesOf(paragraph: string): Piece[] {
  return paragraph.split(/(\[[^\]]+\]\([^)]+\)|\[\d\])/).flatMap((part): Piece[] => {
    const [, text, state] = part.match(/^\[(.+)\]\((.+)\)$/) ?? []
    if (text !== undefined) return [{ text, state: state! }]
    if (/^\[\d\]$/.test(part)) return [{ text: part, state: null, paper: Number(part[1]) }]
    return part === '' ? [] : [{ text: part, state: null }]
  })
}

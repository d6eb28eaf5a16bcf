/**
 * @file The text around the figures: its sentences are in the tables of the languages, with links as `[words](state)`.
 */
export type Piece = { readonly text: string; readonly state: string | null }

export function piecesOf(paragraph: string): Piece[] {
  return paragraph.split(/(\[[^\]]+\]\([^)]+\))/).flatMap((part): Piece[] => {
    const [, text, state] = part.match(/^\[(.+)\]\((.+)\)$/) ?? []
    if (text !== undefined) return [{ text, state: state! }]
    return part === '' ? [] : [{ text: part, state: null }]
  })
}

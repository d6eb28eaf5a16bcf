/**
 * @file The element's one style sheet; its colours are those of the pictures it draws.
 */
import { fonts, type Palette, palettes } from '../../../src/render/palette.ts'
import base from './base.css?inline'
import controls from './controls.css?inline'
import grid from './grid.css?inline'
import layout from './layout.css?inline'
import lessons from './lessons.css?inline'
import network from './network.css?inline'
import panels from './panels.css?inline'
import print from './print.css?inline'
import pyramid from './pyramid.css?inline'

let sheet: CSSStyleSheet | null = null

export function styleSheet(): CSSStyleSheet {
  if (sheet === null) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(
      [themes(), base, layout, controls, grid, panels, network, lessons, pyramid, print].join('\n'),
    )
  }
  return sheet
}

function themes(): string {
  const faces = ({ text, label, code }: (typeof fonts)['en']) =>
    `--text: ${text}; --label: ${label}; --code: ${code};`
  const light = `color-scheme: light; ${variables(palettes.light)}`
  const dark = `color-scheme: dark; ${variables(palettes.dark)}`
  return `
:host { ${faces(fonts.en)} ${light} }
:host(:lang(zh)) { ${faces(fonts.zh)} }
@media screen and (prefers-color-scheme: dark) { :host(:not([data-theme="light"])) { ${dark} } }
@media screen { :host([data-theme="dark"]) { ${dark} } }`
}

function variables(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, color]) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: ${color};`)
    .join(' ')
}

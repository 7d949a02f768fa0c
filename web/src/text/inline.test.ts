import { describe, expect, it } from 'vitest';
import { inline } from './inline';

/** Styles stand before a run in angle brackets, what is marked in braces. `{` and `}` of the input mark. */
function shown(text: string): string {
  const runs = text.split(/[{}]/).map((piece, index) => ({ text: piece, mark: index % 2 === 1 }));
  return inline(runs.filter((run) => run.text !== ''))
    .map(({ text, mark, styles }) => `${styles ? `<${styles}>` : ''}${mark ? `{${text}}` : text}`)
    .join('|');
}

describe('inline', () => {
  it.each([
    ['plain', 'plain'],
    ['a **b** c', 'a |<strong>b| c'],
    ['*a* _b_ ~~c~~', '<em>a| |<em>b| |<struck>c'],
    ['***both***', '<strong em>both'],
    ['**a *b* c**', '<strong>a |<strong em>b|<strong> c'],
    ['2 * 3 * 4', '2 * 3 * 4'],
    ['snake_case_name', 'snake_case_name'],
    ['a **b', 'a **b'],
    ['*a **b*', '*a *|<em>b'],
    ['~one~ tilde', '~one~ tilde'],
    ['\\*not\\* \\n', '*not* \\n'],
    ['`a **b** \\* c`', '<code>a **b** \\* c'],
    ['``a ` b`` c', '<code>a ` b| c'],
    ['open ` tick', 'open ` tick'],
    [
      'see [the **lease**](https://example.org/a_(b)) now',
      'see |<link>the |<strong link>lease|<target>https://example.org/a_(b)| now',
    ],
    ['[empty]()', '<link>empty'],
    ['<https://example.org/a_b_c>', '<link>https://example.org/a_b_c'],
    ['<b onclick="x">**a**</b>', '<b onclick="x">|<strong>a|</b>'],
    ['[x] and (y)', '[x] and (y)'],
  ])('%s', (text, expected) => expect(shown(text)).toBe(expected));

  it('keeps what is marked marked, and nothing else', () => {
    expect(shown('The fee {is **12} pounds** a day.')).toBe(
      'The fee |{is }|<strong>{12}|<strong> pounds| a day.',
    );
    expect(shown('{**a**}')).toBe('<strong>{a}');
    expect(shown('**{a}**')).toBe('<strong>{a}');
  });

  it('is done in time with signs that never pair', () => {
    for (const piece of ['*a ', 'a_ *b', '`', '[', '[a](', '**a* ']) {
      const text = piece.repeat(Math.floor(19_000 / piece.length));
      const began = performance.now();
      inline([{ text, mark: false }]);
      expect(performance.now() - began, piece).toBeLessThan(2000);
    }
  });
});

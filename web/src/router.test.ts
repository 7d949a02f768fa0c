import { describe, expect, it } from 'vitest';
import { address, parse, type Route } from './router';

const routes: [string, Route][] = [
  ['/', { view: 'home' }],
  ['/about', { view: 'about' }],
  ['/ask/default', { view: 'ask', collection: 'default', asked: null, open: null }],
  ['/ask/my%20flat?q=3', { view: 'ask', collection: 'my flat', asked: '3', open: null }],
  [
    '/ask/a%2Fb?q=3&source=f12&start=4&end=9',
    { view: 'ask', collection: 'a/b', asked: '3', open: { id: 'f12', start: 4, end: 9 } },
  ],
  ['/library/default', { view: 'library', collection: 'default' }],
  [
    '/library/default/sources/f1?start=0&end=2',
    { view: 'source', collection: 'default', open: { id: 'f1', start: 0, end: 2 } },
  ],
  ['/library/default/sources', { view: 'lost', path: '/library/default/sources' }],
  ['/library/default/sources/a/b', { view: 'lost', path: '/library/default/sources/a/b' }],
  ['/elsewhere', { view: 'lost', path: '/elsewhere' }],
];

describe('addresses', () => {
  it.each(routes)('%s is read', (text, route) => {
    const [path = '', search = ''] = text.split('?');
    expect(parse(path, search)).toEqual(route);
  });
  it.each(routes)('%s is written', (text, route) => expect(address(route)).toBe(text));
  it('takes no place that is no number', () =>
    expect(parse('/library/d/sources/f', '?start=-1&end=x')).toEqual({
      view: 'source',
      collection: 'd',
      open: { id: 'f', start: null, end: null },
    }));
  it('survives a broken escape', () => expect(parse('/ask/%E0%A4%A', '').view).toBe('ask'));
});

// Messages of the service set names and commands in backticks, as people do in text.
export interface Piece {
  text: string;
  code: boolean;
}

export const piecesOf = (message: string): Piece[] =>
  message
    .split('`')
    .map((text, index, all) => ({ text, code: index % 2 === 1 && index < all.length - 1 }))
    .filter(({ text }) => text !== '');

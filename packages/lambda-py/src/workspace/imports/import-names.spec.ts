import { importNamesOf } from './import-names';

describe('importNamesOf', () => {
  it.each([
    [
      ['orders/__init__.py', 'orders/utils/a.py', 'orders/py.typed'],
      ['orders'],
    ],
    [
      ['a/__init__.py', 'b/__init__.pyi', 'c.py'],
      ['a', 'b', 'c'],
    ],
    // Namespaces: nobody owns "acme".
    [['acme/orders/__init__.py', 'acme/orders/x/y.py'], ['acme.orders']],
    [['acme/shop/orders/a.py'], ['acme.shop.orders']],
    // An own module makes a package of the folder, with or without __init__.py.
    [['acme/a.py', 'acme/orders/__init__.py'], ['acme']],
    [['größe/__init__.py'], ['größe']],
    // Neither can be imported: the name of the project is the next best.
    [['my-module.py', 'orders-stubs/__init__.pyi', 'data/x.json'], ['my_shop']],
    [[], ['my_shop']],
  ])('%j', (files, names) => {
    expect(importNamesOf(() => 'my-shop', files)).toEqual(names);
  });
});

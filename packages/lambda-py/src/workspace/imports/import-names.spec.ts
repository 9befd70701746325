import { importNamesOf } from './import-names';

const namesOf = (...projects: readonly (readonly string[])[]) =>
  importNamesOf(
    projects.map((sourceFiles) => ({
      projectName: () => 'my-shop',
      sourceFiles,
    })),
  );

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
    // An own module makes a package of the folder, with or without __init__.py, where no other project has it.
    [['acme/a.py', 'acme/orders/__init__.py'], ['acme']],
    [['größe/__init__.py'], ['größe']],
    // Stubs are read for the package that they describe.
    [
      ['orders-stubs/__init__.pyi', 'acme-stubs/a/__init__.pyi'],
      ['orders', 'acme.a'],
    ],
    // Neither can be imported: the name of the project is the next best.
    [['my-module.py', 'data/x.json'], ['my_shop']],
    [[], ['my_shop']],
  ])('%j', (files, names) => {
    expect(namesOf(files)).toEqual([names]);
  });

  it('names the modules of a namespace that projects share, with modules directly in it or not', () => {
    expect(
      namesOf(
        ['acme/util.py', 'acme/more/a.py', 'own/a.py'],
        ['acme/geo/__init__.py', 'acme/geo/b.py'],
        ['acme/deep/deeper/__init__.py'],
      ),
    ).toEqual([
      ['acme.util', 'acme.more', 'own'],
      ['acme.geo'],
      ['acme.deep.deeper'],
    ]);
  });

  it('takes the same package of two projects for one', () => {
    expect(namesOf(['acme/__init__.py'], ['acme/__init__.py'])).toEqual([
      ['acme'],
      ['acme'],
    ]);
  });

  it('adds the names that settings tell', () => {
    expect(
      importNamesOf([
        {
          projectName: () => 'my-shop',
          sourceFiles: ['a.py'],
          moduleNames: ['a', 'acme.native', 'shop-stubs'],
        },
      ]),
    ).toEqual([['a', 'acme.native', 'shop']]);
  });
});

import { renderFlameGraph } from './flame-graph';
import { parseImportTimes } from './import-times';

describe('renderFlameGraph', () => {
  const page = renderFlameGraph({
    title: 'a < b & "c"',
    lines: ['<script>alert(1)</script>'],
    imports: parseImportTimes(
      [
        'import time: 2000 | 2000 |   tiny.</script><b>',
        'import time: 10 | 10 |   too_small',
        'import time: 3000 | 5000 | orders.handler',
      ].join('\n'),
    ),
  });

  it('needs nothing from elsewhere', () => {
    expect(page).not.toMatch(/(?:src|href)=["']?(?:https?:)?\/\//);
    expect(page).not.toContain('import(');
    expect(page.length).toBeLessThan(400_000);
  });

  it('quotes what it shows', () => {
    expect(page).toContain('<title>a &lt; b &amp; &quot;c&quot;</title>');
    expect(page).toContain('&lt;script>alert(1)');
    expect(page).toContain('tiny.\\u003c/script>\\u003cb>');
    expect(page.match(/<script>/g)).toHaveLength(
      page.match(/<\/script>/g)?.length ?? 0,
    );
  });

  it('leaves out what cannot be seen', () => {
    expect(page).toContain('"orders.handler","value":5');
    expect(page).not.toContain('too_small');
  });
});

// Draws a tree of stacks: flame graph, icicle, callers and callees, table, source, graph. The page
// holds all data; nothing is fetched. What is shown stands behind the '#' of the address, so that a
// link leads to the same view.
(function () {
  'use strict';
  var D = JSON.parse(document.getElementById('stacks-data').textContent);
  var host = document.getElementById('stacks');
  var VIEWS = [['flame', 'Flame'], ['icicle', 'Icicle'], ['sandwich', 'Callers & callees'], ['top', 'Top'], ['source', 'Source'], ['graph', 'Graph']];
  var types = D.types.length, sides = D.sides.length;
  var state = { view: 'flame', type: D.type, side: D.side, base: D.base, q: '', f: 0, leaf: 0, sort: 'flat' };

  // ---- small things
  function el(tag, cls, text) {
    var e = document.createElement(tag);
    if (cls) e.className = cls;
    if (text !== undefined) e.textContent = text;
    return e;
  }
  function esc(s) { return s.replace(/[&<>"]/g, function (c) { return { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }[c]; }); }
  function numbers(text, count) {
    var out = new Float64Array(count), parts = text ? text.split(',') : [];
    for (var i = 0; i < parts.length; i++) if (parts[i]) out[i] = parseInt(parts[i], 36);
    return out;
  }
  function nameOf(f) { return D.frames[f][0]; }
  function fileOf(f) { return D.frames[f][1] || ''; }
  function packageOf(name) {
    var end = name.search(/[[(]/), head = end < 0 ? name : name.slice(0, end), slash = head.lastIndexOf('/');
    var dot = head.indexOf('.', slash + 1);
    return dot < 0 ? head : head.slice(0, dot);
  }
  function shortName(name) { // "a.com/b/c.(*T).M[...]" -> "c.(*T).M[...]"
    var end = name.search(/[[(]/), head = end < 0 ? name : name.slice(0, end);
    return name.slice(head.lastIndexOf('/') + 1);
  }
  var UNITS = { bytes: [1024, ['B', 'kB', 'MB', 'GB', 'TB']], nanoseconds: [1000, ['ns', 'us', 'ms', 's']] };
  function value(v) {
    var u = UNITS[D.types[state.type][1]], a = Math.abs(v), i = 0;
    if (!u) return Math.round(v).toLocaleString('en-US') + (D.types[state.type][1] === 'count' ? '' : ' ' + D.types[state.type][1]);
    while (a >= u[0] && i + 1 < u[1].length) { a /= u[0]; i++; }
    return (v < 0 ? '-' : '') + (i ? a.toFixed(2).replace(/\.?0+$/, '') : Math.round(a)) + ' ' + u[1][i];
  }
  function change(v) { return (v > 0 ? '+' : '') + value(v); }
  function percent(v, of) {
    if (!of) return '';
    var p = 100 * v / of;
    return (Math.abs(p) < 10 ? p.toFixed(2) : p.toFixed(1)) + '%';
  }
  function matcher() {
    if (!state.q) return null;
    try { var re = new RegExp(state.q, 'i'); return function (s) { return re.test(s); }; } catch (e) {
      var low = state.q.toLowerCase();
      return function (s) { return s.toLowerCase().indexOf(low) >= 0; };
    }
  }
  function hits() { // per frame
    var m = matcher();
    return m && D.frames.map(function (f, i) { return i > 0 && (m(f[0]) || m(f[1] || '')); });
  }

  // ---- trees: arrays in depth-first order; a and b are the two sides' own values, w the width
  var depth = numbers(D.depth, D.depth ? D.depth.split(',').length : 0), count = depth.length, frame = numbers(D.frame, count);
  var parsed = {};
  function column(table, side, type, rows) {
    var key = table + side + ',' + type;
    if (!parsed[key]) parsed[key] = numbers(D[table][side * types + type], rows);
    return parsed[key];
  }
  function total(side) { return side < 0 ? 0 : column('total', side, state.type, 1)[0]; }
  function sideValues(table, rows) {
    return { a: column(table, state.side, state.type, rows), b: state.base < 0 ? null : column(table, state.base, state.type, rows) };
  }
  // Fills in parent, end, and sums over what is below.
  function finish(t) {
    var n = t.depth.length, path = [];
    t.parent = new Int32Array(n);
    t.end = new Int32Array(n);
    t.sumA = new Float64Array(n);
    t.sumB = new Float64Array(n);
    t.w = new Float64Array(n);
    for (var i = 0; i < n; i++) {
      path.length = t.depth[i];
      t.parent[i] = path.length ? path[path.length - 1] : -1;
      path.push(i);
    }
    for (i = n - 1; i >= 0; i--) {
      t.sumA[i] += t.a[i];
      t.sumB[i] += t.b ? t.b[i] : 0;
      t.w[i] += Math.max(Math.abs(t.a[i]), t.b ? Math.abs(t.b[i]) : 0);
      t.end[i] = Math.max(t.end[i], i + 1);
      var p = t.parent[i];
      if (p < 0) continue;
      t.sumA[p] += t.sumA[i];
      t.sumB[p] += t.sumB[i];
      t.w[p] += t.w[i];
      t.end[p] = Math.max(t.end[p], t.end[i]);
    }
    return t;
  }
  var cached = {};
  function wholeTree() {
    var key = [state.type, state.side, state.base].join();
    if (cached.key !== key) {
      var v = sideValues('self', count);
      cached = { key: key, tree: finish({ depth: depth, frame: frame, a: v.a, b: v.b }) };
    }
    return cached.tree;
  }
  function fresh(f) { return { f: f, a: 0, b: 0, w: 0, kids: new Map() }; }
  function kid(node, f) {
    var k = node.kids.get(f);
    if (!k) node.kids.set(f, k = fresh(f));
    return k;
  }
  function flatten(root, compared) { // a trie to arrays, the heaviest child first
    var t = { depth: [], frame: [], a: [], b: compared ? [] : null }, todo = [[root, 0]];
    while (todo.length) {
      var top = todo.pop(), n = top[0];
      t.depth.push(top[1]);
      t.frame.push(n.f);
      t.a.push(n.a);
      if (compared) t.b.push(n.b);
      Array.from(n.kids.values()).sort(function (x, y) { return x.w - y.w; }).forEach(function (k) { todo.push([k, top[1] + 1]); });
    }
    return finish(t);
  }
  // By where memory was asked for: the leaf is the root, its callers hang below it.
  function leafTree() {
    var t = wholeTree(), root = fresh(0);
    for (var i = 1; i < t.depth.length; i++) {
      var w = Math.max(Math.abs(t.a[i]), t.b ? Math.abs(t.b[i]) : 0);
      if (!w) continue;
      var at = root;
      for (var p = i; p > 0; p = t.parent[p]) { at = kid(at, t.frame[p]); at.w += w; }
      at.a += t.a[i];
      if (t.b) at.b += t.b[i];
    }
    return flatten(root, !!t.b);
  }
  // Below and above all places of one function; in a recursion the outermost counts.
  function around(f, above) {
    var t = wholeTree(), root = fresh(f);
    for (var i = 1; i < t.depth.length; i++) {
      if (t.frame[i] !== f) continue;
      if (above) {
        var at = root;
        at.w += t.w[i];
        for (var p = t.parent[i]; p > 0; p = t.parent[p]) { at = kid(at, t.frame[p]); at.w += t.w[i]; }
        at.a += t.sumA[i];
        if (t.b) at.b += t.sumB[i];
      } else {
        var stack = [root], base = t.depth[i];
        for (var k = i; k < t.end[i]; k++) {
          var d = t.depth[k] - base, node = d ? kid(stack[d - 1], t.frame[k]) : root;
          stack[d] = node;
          node.w += t.w[k];
          node.a += t.a[k];
          if (t.b) node.b += t.b[k];
        }
      }
      i = t.end[i] - 1;
    }
    return flatten(root, !!t.b);
  }

  // ---- flame graphs
  var tip = el('div', 'sk-tip'), said = el('div', 'sk-said');
  function hue(name) {
    var h = 7, s = packageOf(name);
    for (var i = 0; i < s.length; i++) h = (h * 31 + s.charCodeAt(i)) % 997;
    return h * 360 / 997;
  }
  function colour(t, i) {
    if (t.b) {
      var d = t.sumA[i] - t.sumB[i], most = Math.max(Math.abs(t.sumA[i]), Math.abs(t.sumB[i]));
      var part = most ? Math.min(1, Math.abs(d) / most) : 0;
      return d === 0 ? 'var(--raised)' : d > 0 ? 'rgba(226,88,34,' + (0.15 + 0.75 * part).toFixed(2) + ')' : 'rgba(32,150,90,' + (0.15 + 0.75 * part).toFixed(2) + ')';
    }
    return 'hsl(' + hue(nameOf(t.frame[i])).toFixed(0) + ' var(--fs) var(--fl))';
  }
  function describe(t, i) {
    var f = t.frame[i], name = i === 0 && !f ? 'all' : nameOf(f), text = '<b>' + esc(name) + '</b> ' + value(t.sumA[i]) + ' ' + percent(t.sumA[i], total(state.side));
    if (t.b) text += ', was ' + value(t.sumB[i]) + ', <span class="' + (t.sumA[i] > t.sumB[i] ? 'sk-up' : 'sk-down') + '">' + change(t.sumA[i] - t.sumB[i]) + '</span>';
    if (t.a[i]) text += ', itself ' + value(t.a[i]);
    if (f && fileOf(f)) text += '<br>' + esc(fileOf(f)) + (D.frames[f][2] ? ':' + D.frames[f][2] : '') + (D.frames[f][3] ? ' (inlined somewhere)' : '');
    return text;
  }
  function drawTree(box, t, up, rootName) {
    var zoom = 0, ROW = 20, mark = hits();
    function draw() {
      var width = Math.max(box.clientWidth, 300), x = new Float64Array(t.depth.length), used = new Float64Array(t.depth.length);
      var scale = t.w[zoom] ? width / t.w[zoom] : 0, html = [], deepest = 0, above = [];
      for (var p = t.parent[zoom]; p >= 0; p = t.parent[p]) above.unshift(p);
      function put(i, left, w, d, cls) {
        var f = t.frame[i], rest = i > 0 && !f, label = i === 0 ? rootName : rest ? 'too small to draw' : shortName(nameOf(f));
        if (w < 24) label = '';
        deepest = Math.max(deepest, d);
        html.push('<div class="f' + cls + (rest ? ' rest' : '') + (mark ? mark[f] ? ' hit' : ' dimmed' : '') + '" data-i="' + i + '" style="left:' + left.toFixed(1) + 'px;width:' + Math.max(w, 1).toFixed(1) + 'px;' +
          (up ? 'bottom:' : 'top:') + d * ROW + 'px' + (rest || w < 1 ? '' : ';background:' + (i ? colour(t, i) : 'var(--raised)')) + '">' + esc(label) + '</div>');
      }
      above.forEach(function (i, d) { put(i, 0, width, d, ' above'); });
      var lift = above.length;
      for (var i = zoom; i < t.end[zoom]; i++) {
        if (i > zoom) {
          p = t.parent[i];
          x[i] = x[p] + used[p];
          used[p] += t.w[i];
        }
        var w = t.w[i] * scale;
        if (w < 0.6) { if (t.end[i] > i + 1) skip(i); continue; }
        put(i, x[i] * scale, w, lift + t.depth[i] - t.depth[zoom], '');
      }
      function skip(at) { i = t.end[at] - 1; }
      box.style.height = (deepest + 1) * ROW + 4 + 'px';
      box.innerHTML = html.join('');
    }
    box.className = 'sk-flame';
    box.onclick = function (e) {
      var i = e.target.dataset.i;
      if (i === undefined || (i > 0 && !t.frame[i])) return;
      if (e.shiftKey || e.altKey) return go({ view: 'sandwich', f: t.frame[i] });
      zoom = +i;
      draw();
    };
    box.onmouseover = function (e) { if (e.target.dataset.i !== undefined) tip.innerHTML = describe(t, +e.target.dataset.i); };
    draw();
    redraw = draw;
  }
  var redraw = null;
  window.addEventListener('resize', function () { if (redraw) redraw(); });

  function matched(t) {
    var m = hits();
    if (!m) return '';
    var sum = 0;
    for (var i = 1; i < t.depth.length; i++) if (m[t.frame[i]]) { sum += t.sumA[i]; i = t.end[i] - 1; }
    return 'matched ' + value(sum) + ' ' + percent(sum, total(state.side));
  }
  function folded(t) {
    var sum = 0;
    for (var i = 1; i < t.depth.length; i++) if (!t.frame[i]) sum += t.sumA[i];
    return sum ? percent(sum, total(state.side)) + ' is in frames too small to draw' : '';
  }
  function say(parts) { said.textContent = parts.filter(Boolean).join('; '); }

  function flame(body) {
    var t = state.leaf ? leafTree() : wholeTree(), box = el('div');
    var label = el('label', 'sk-sub'), check = el('input');
    check.type = 'checkbox';
    check.checked = !!state.leaf;
    check.onchange = function () { go({ leaf: check.checked ? 1 : 0 }); };
    label.append(check, ' start with what asked for it (callers beyond it)');
    body.append(label, tip, box);
    tip.textContent = 'Click zooms in, the lowest frame zooms out; shift-click shows callers and callees.' + (state.base >= 0 ? ' Red grew, green shrank; the width is the larger of the two.' : '');
    drawTree(box, t, state.view === 'flame', 'all ' + value(t.sumA[0]));
    say([matched(wholeTree()), folded(wholeTree())]);
  }

  // ---- tables
  function rowsOf() {
    var flat = sideValues('flat', D.frames.length), cum = sideValues('cum', D.frames.length), rows = [];
    for (var i = 1; i < D.frames.length; i++) {
      var r = { f: i, flat: flat.a[i], cum: cum.a[i], flatB: flat.b ? flat.b[i] : 0, cumB: cum.b ? cum.b[i] : 0 };
      if (r.flat || r.cum || r.flatB || r.cumB) rows.push(r);
    }
    return rows;
  }
  function columnsOf(compared) {
    var all = total(state.side);
    function share(key) { return function (r) { return percent(r[key], all); }; }
    if (compared)
      return [['flat', 'flat', function (r) { return value(r.flat); }], ['flatD', 'change', function (r) { return change(r.flat - r.flatB); }], ['cum', 'cum', function (r) { return value(r.cum); }], ['cumD', 'change', function (r) { return change(r.cum - r.cumB); }]];
    return [['flat', 'flat', function (r) { return value(r.flat); }], ['flat', 'flat%', share('flat')], ['cum', 'cum', function (r) { return value(r.cum); }], ['cum', 'cum%', share('cum')]];
  }
  function sortKey(r, key) {
    return key === 'flatD' ? Math.abs(r.flat - r.flatB) : key === 'cumD' ? Math.abs(r.cum - r.cumB) : Math.abs(r[key]);
  }
  function table(rows, limit, fixed) {
    var compared = state.base >= 0, cols = columnsOf(compared), box = el('div', 'tablebox'), t = el('table', 'sk-table'), head = el('tr');
    var key = fixed || state.sort === 'name' ? fixed || 'name' : state.sort; // a fixed order of neighbours
    if (!fixed && key !== 'name' && !cols.some(function (c) { return c[0] === key; })) key = 'flat';
    rows.sort(function (x, y) {
      var d = key === 'name' ? 0 : sortKey(y, key) - sortKey(x, key);
      return d || (nameOf(x.f) < nameOf(y.f) ? -1 : 1);
    });
    cols.concat([['name', 'function']]).forEach(function (c, i) {
      var th = el('th', i < cols.length ? 'sk-num' : '', c[1]);
      if (c[0] === key && (i === 0 || cols[i - 1] === undefined || cols[i - 1][0] !== key)) th.setAttribute('aria-sort', 'descending');
      th.onclick = function () { go({ sort: c[0] }); };
      head.append(th);
    });
    t.append(head);
    rows.slice(0, limit).forEach(function (r) {
      var tr = el('tr');
      cols.forEach(function (c) {
        var text = c[2](r), td = el('td', 'sk-num', text);
        if (/D$/.test(c[0])) td.classList.add(text[0] === '+' ? 'sk-up' : text[0] === '-' ? 'sk-down' : 'dim');
        tr.append(td);
      });
      var td = el('td', 'sk-name'), a = el('a', '', nameOf(r.f));
      a.title = fileOf(r.f);
      a.onclick = function () { go({ view: 'sandwich', f: r.f }); };
      td.append(a);
      tr.append(td);
      t.append(tr);
    });
    box.append(t);
    return box;
  }
  var shown = 200;
  function top(body) {
    var m = hits(), rows = rowsOf().filter(function (r) { return !m || m[r.f]; });
    body.append(table(rows, shown));
    if (rows.length > shown) {
      var more = el('button', 'sk-button', 'Show ' + Math.min(500, rows.length - shown) + ' more of ' + rows.length);
      more.onclick = function () { shown += 500; draw(); };
      body.append(more);
    }
    say([rows.length + ' functions', D.leftOut ? D.leftOut + ' smaller ones are left out of this page' : '', matched(wholeTree())]);
  }

  // ---- callers and callees
  function neighbours(t) { // the first level below the root
    var rows = [];
    for (var i = 1; i < t.depth.length; i = t.end[i])
      if (t.frame[i]) rows.push({ f: t.frame[i], flat: t.a[i], cum: t.sumA[i], flatB: t.b ? t.b[i] : 0, cumB: t.b ? t.sumB[i] : 0 });
    return rows;
  }
  function heaviest() {
    var rows = rowsOf().sort(function (x, y) { return Math.abs(y.flat) - Math.abs(x.flat); });
    return rows.length ? rows[0].f : 0;
  }
  function sandwich(body) {
    var m = hits(), f = state.f;
    if (!f && m) f = (rowsOf().filter(function (r) { return m[r.f]; }).sort(function (x, y) { return y.cum - x.cum; })[0] || {}).f || 0;
    f = f || heaviest();
    if (!f) return body.append(el('p', 'dim', 'Nothing is counted in this column.'));
    var row = rowsOf().filter(function (r) { return r.f === f; })[0] || { flat: 0, cum: 0, flatB: 0, cumB: 0 };
    var callers = around(f, true), callees = around(f, false), pair = el('div', 'sk-pair'), left = el('div'), right = el('div');
    body.append(el('div', 'sk-head', nameOf(f)), el('p', 'sk-sub', fileOf(f) + (D.frames[f][2] ? ':' + D.frames[f][2] : '') + ' \u2014 itself ' + value(row.flat) + ', with callees ' + value(row.cum) + ' ' + percent(row.cum, total(state.side)) +
      (state.base >= 0 ? ', change ' + change(row.cum - row.cumB) : '')));
    var actions = el('p', 'sk-sub');
    if (D.sources.some(function (s) { return s.frame === f; })) {
      var a = el('a', '', 'Show its source');
      a.onclick = function () { go({ view: 'source', f: f }); };
      a.href = '#';
      actions.append(a);
    }
    body.append(actions, tip);
    tip.textContent = 'Callers stand above, callees below. Choose another function in a table.';
    var upper = el('div'), lower = el('div');
    upper.style.marginBottom = '4px';
    body.append(upper, lower);
    drawTree(upper, callers, true, shortName(nameOf(f)));
    var upperDraw = redraw;
    drawTree(lower, callees, false, shortName(nameOf(f)));
    var lowerDraw = redraw;
    redraw = function () { upperDraw(); lowerDraw(); };
    left.append(el('h3', '', 'Called by'), table(neighbours(callers), 60, 'cum'));
    right.append(el('h3', '', 'Calls'), table(neighbours(callees), 60, 'cum'));
    pair.append(left, right);
    body.append(pair);
    say([folded(wholeTree())]);
  }

  // ---- source
  function lineValue(line, at) { return line ? line[1 + at] : 0; }
  function source(body) {
    if (!D.sources.length) return body.append(el('p', 'dim', 'No source file of the heavier functions was found where this page was made.'));
    var flat = sideValues('flat', D.frames.length), cum = sideValues('cum', D.frames.length), m = hits();
    var list = D.sources.filter(function (s) { return !m || m[s.frame]; }).sort(function (x, y) { return Math.abs(cum.a[y.frame]) - Math.abs(cum.a[x.frame]); });
    if (!list.length) return body.append(el('p', 'dim', 'No function with source matches the search.'));
    var chosen = list.filter(function (s) { return s.frame === state.f; })[0] || list[0];
    var grid = el('div', 'sk-source'), names = el('div', 'sk-list'), right = el('div'), pre = el('pre', 'sk-code');
    list.forEach(function (s) {
      var a = el('a', s === chosen ? 'on' : '', shortName(nameOf(s.frame)));
      a.append(el('span', '', value(cum.a[s.frame])));
      a.onclick = function () { go({ f: s.frame }); };
      names.append(a);
    });
    var at = state.side * types + state.type, columns = types * sides, byLine = {};
    chosen.lines.forEach(function (l) { byLine[l[0]] = l; });
    var titles = el('div', 'l');
    titles.append(el('span', '', 'flat'), el('span', '', 'cum'), el('span', '', 'line'), el('code', '', ''));
    pre.append(titles);
    chosen.pieces.forEach(function (p, k) {
      if (k) pre.append(el('div', 'gap', '\u22ee'));
      p[1].replace(/\n$/, '').split('\n').forEach(function (text, i) {
        var number = p[0] + i, l = byLine[number], fl = lineValue(l, at), cu = lineValue(l, columns + at), row = el('div', 'l' + (fl || cu ? ' cost' : ''));
        row.append(el('span', '', fl ? value(fl) : '.'), el('span', '', cu ? value(cu) : '.'), el('span', '', number), el('code', '', text));
        pre.append(row);
      });
    });
    right.append(el('div', 'sk-head', nameOf(chosen.frame)), el('p', 'sk-sub', chosen.file + ' \u2014 itself ' + value(flat.a[chosen.frame]) + ', with callees ' + value(cum.a[chosen.frame])), pre);
    grid.append(names, right);
    body.append(grid);
    say([list.length + ' functions with source']);
  }

  // ---- graph
  function graph(body) {
    var t = document.getElementById('drawing-' + state.type);
    if (!t) return body.append(el('p', 'dim', 'This page has no drawn graph of ' + D.types[state.type][0] + '.'));
    var box = el('div', 'sk-graph'), svg = t.content.firstElementChild.cloneNode(true);
    body.append(el('p', 'sk-sub', 'The wheel zooms, dragging moves.' + (D.base >= 0 ? ' The graph is of ' + D.sides[D.side][0] + ' less ' + D.sides[D.base][0] + '.' : ' The graph is of ' + D.sides[D.side][0] + '.')), box);
    box.append(svg);
    var vb = svg.viewBox.baseVal, w = vb && vb.width ? vb.width : 800, h = vb && vb.height ? vb.height : 600;
    svg.setAttribute('width', w);
    svg.setAttribute('height', h);
    var k = Math.max(0.5, Math.min(1.2, box.clientWidth / w, box.clientHeight / h)), x = (box.clientWidth - w * k) / 2, y = 0, drag = null;
    function place() { svg.style.transform = 'translate(' + x + 'px,' + y + 'px) scale(' + k + ')'; }
    box.addEventListener('wheel', function (e) {
      e.preventDefault();
      var r = box.getBoundingClientRect(), px = e.clientX - r.left, py = e.clientY - r.top, by = Math.exp(-e.deltaY / 500);
      x = px - (px - x) * by;
      y = py - (py - y) * by;
      k *= by;
      place();
    }, { passive: false });
    box.addEventListener('pointerdown', function (e) { drag = [e.clientX - x, e.clientY - y]; box.setPointerCapture(e.pointerId); });
    box.addEventListener('pointermove', function (e) { if (drag) { x = e.clientX - drag[0]; y = e.clientY - drag[1]; place(); } });
    box.addEventListener('pointerup', function () { drag = null; });
    place();
    say([]);
  }

  // ---- the time axis of several measurements
  function time(body) {
    if (sides < 3) return;
    var W = 1000, H = 110, box = el('div', 'sk-time'), v = [], most = 0, html = '';
    var timed = D.sides.every(function (s, i) { return s[1] && (!i || s[1] >= D.sides[i - 1][1]); });
    var first = D.sides[0][1], last = D.sides[sides - 1][1];
    for (var i = 0; i < sides; i++) { v.push(total(i)); most = Math.max(most, Math.abs(v[i])); }
    function x(i) { return 20 + 960 * (timed && last > first ? (D.sides[i][1] - first) / (last - first) : i / (sides - 1)); }
    function y(i) { return H - 22 - (most ? v[i] / most : 0) * (H - 40); }
    html = '<svg viewBox="0 0 ' + W + ' ' + H + '" preserveAspectRatio="none"><polyline vector-effect="non-scaling-stroke" points="' + v.map(function (_, i) { return x(i) + ',' + y(i); }).join(' ') + '"/></svg>';
    box.innerHTML = html;
    box.style.position = 'relative';
    var layer = el('div');
    layer.innerHTML = '<svg style="position:absolute;left:10px;top:6px;width:calc(100% - 20px);height:110px">' + v.map(function (n, i) {
      return '<circle r="5" cx="' + x(i) / 10 + '%" cy="' + y(i) + '" data-i="' + i + '" class="' + (i === state.side ? 'on' : i === state.base ? 'base' : '') + '"><title>' + esc(D.sides[i][0] + ': ' + value(n)) + '</title></circle>';
    }).join('') + '<text x="2%" y="12">' + esc(value(most)) + '</text><text x="2%" y="106">' + esc(D.sides[0][0]) + '</text><text x="98%" y="106" text-anchor="end">' + esc(D.sides[sides - 1][0]) + '</text></svg>';
    layer.onclick = function (e) {
      var i = e.target.dataset.i;
      if (i === undefined) return;
      go(e.shiftKey ? { base: +i === state.base ? -1 : +i } : { side: +i });
    };
    box.append(layer);
    body.append(box, el('p', 'sk-sub', D.types[state.type][0] + ' over time. Click shows a measurement, shift-click compares with it.'));
  }

  // ---- the page
  var bar = el('div', 'sk-bar'), timeline = el('div'), body = el('div');
  function choice(label, options, get, set) {
    var l = el('label', '', label), s = el('select');
    options.forEach(function (o) { var x = el('option', '', o[1]); x.value = o[0]; s.append(x); });
    s.onchange = function () { set(s.value); };
    l.append(s);
    bar.append(l);
    return function () { s.value = get(); };
  }
  var refresh = [], tabs = el('div', 'sk-tabs');
  VIEWS.forEach(function (v) {
    var b = el('button', '', v[1]);
    b.type = 'button';
    b.onclick = function () { go({ view: v[0] }); };
    tabs.append(b);
    refresh.push(function () { b.setAttribute('aria-selected', state.view === v[0]); });
  });
  bar.append(tabs);
  refresh.push(choice('Values', D.types.map(function (t, i) { return [i, t[0]]; }), function () { return state.type; }, function (v) { go({ type: +v }); }));
  if (sides > 1) {
    var names = D.sides.map(function (s, i) { return [i, s[0]]; });
    refresh.push(choice('Of', names, function () { return state.side; }, function (v) { go({ side: +v }); }));
    refresh.push(choice('Against', [[-1, 'nothing']].concat(names), function () { return state.base; }, function (v) { go({ base: +v }); }));
  }
  var search = el('input');
  search.type = 'search';
  search.placeholder = 'Search (regexp), key /';
  search.setAttribute('aria-label', search.placeholder);
  search.oninput = function () { go({ q: search.value }); };
  bar.append(search, said);
  refresh.push(function () { if (search.value !== state.q) search.value = state.q; });
  host.textContent = '';
  host.append(bar, timeline, body);

  function draw() {
    refresh.forEach(function (r) { r(); });
    timeline.textContent = body.textContent = '';
    redraw = null;
    time(timeline);
    ({ flame: flame, icicle: flame, sandwich: sandwich, top: top, source: source, graph: graph })[state.view](body);
  }
  function go(change) {
    Object.keys(change).forEach(function (k) { state[k] = change[k]; });
    var words = [];
    Object.keys(state).forEach(function (k) {
      var v = k === 'type' ? D.types[state.type][0] : k === 'f' ? (state.f ? nameOf(state.f) : '') : state[k];
      if (v !== '' && v !== 0 || k === 'base' || k === 'side' && sides > 1) words.push(k + '=' + encodeURIComponent(v));
    });
    written = '#' + words.join('&');
    history.replaceState(null, '', written);
    draw();
  }
  var written = '';
  function read() {
    location.hash.slice(1).split('&').forEach(function (w) {
      var at = w.indexOf('='), k = w.slice(0, at), v = '';
      try { v = decodeURIComponent(w.slice(at + 1)); } catch (e) { return; }
      if (at < 0 || !(k in state)) return;
      if (k === 'type') { var i = D.types.findIndex(function (t) { return t[0] === v; }); if (i >= 0) state.type = i; }
      else if (k === 'f') { state.f = Math.max(0, D.frames.findIndex(function (f) { return f[0] === v; })); }
      else if (k === 'side' || k === 'base') { if (+v >= -1 && +v < sides && (k === 'base' || +v >= 0)) state[k] = +v; }
      else if (k === 'view') { if (VIEWS.some(function (x) { return x[0] === v; })) state.view = v; }
      else state[k] = k === 'leaf' ? +v : v;
    });
  }
  window.addEventListener('hashchange', function () { if (location.hash !== written) { read(); draw(); } });
  document.addEventListener('keydown', function (e) {
    if (e.target === search && e.key === 'Escape') { search.value = ''; go({ q: '' }); }
    else if (e.key === '/' && e.target !== search) { e.preventDefault(); search.focus(); }
  });
  // A page that is asked for again keeps its view.
  document.querySelectorAll('.sk-form form').forEach(function (f) {
    f.addEventListener('submit', function (e) {
      e.preventDefault();
      var words = [];
      f.querySelectorAll('input').forEach(function (i) { if (i.value) words.push(encodeURIComponent(i.name) + '=' + encodeURIComponent(i.value)); });
      location.href = '?' + words.join('&') + location.hash;
      if (location.search === '?' + words.join('&')) location.reload();
    });
  });
  document.querySelectorAll('a.sk-keep').forEach(function (a) { a.addEventListener('click', function () { a.hash = location.hash; }); });
  read();
  draw();
})();

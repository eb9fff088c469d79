"""Invented pages of invented outlets, in several layouts. No word of them is anybody's."""

# ruff: noqa: E501 - a paragraph is a line, in its own script

# Every true sentence of the article is marked by the word Orbia or Kite; furniture has neither,
# save where a test says so.

MENU_AND_CARDS = """Morning Gazette
Skip to content
Home
World
Technology
Sign in
Thursday, March 6, 2031

Technology

Orbia tells court it suspended Kite over national security

By Ada Winter
Published March 5, 2031 18:20 GMT
Facebook Twitter WhatsApp

Orbia's interior ministry told the Orbia High Court on Wednesday that it had suspended the messaging service Kite in the national interest.

READ MORE: Ten phones that will change your summer

The ministry made the statement in a written reply seen by Reuters. Kite did not respond to a request for comment.

Advertisement

"We asked Kite three times to remove the accounts," the Orbia ministry said in the reply, dated March 4.

What users say

Users in Orbia had reported since late February that Kite did not load without a virtual private network.

Sign up for our newsletter
Get the stories that matter delivered to your inbox every morning.

The Orbia High Court adjourned the hearing of the Kite petition until March 20.

Tags: courts, messaging

You may also like

Business

Bank of the North raises its rates for the third time

The bank raised its main rate by a quarter of a point on Tuesday and said that more would follow soon.

March 4, 2031

Business

Ferry line to the islands opens again

The ferry to the islands runs again after a winter of storms, and tickets have been sold out for weeks.

March 3, 2031

Leave a Reply
Your email address will not be published. Required fields are marked *
© 2031 Morning Gazette. All rights reserved.
Subscribe to Morning Gazette
"""

NO_MARKERS = """Regulator denies that Kite was throttled in Orbia

The telecoms regulator of Orbia on Monday denied that it had ordered networks to slow the service Kite.

In a statement, the Orbia Telecom Authority (OTA) said that "no such directive" existed and that Kite worked as usual.

Measurements by civil society groups in Orbia showed that Kite loaded at a tenth of its usual speed since Friday.

The OTA gave no reason for the difference when asked by reporters in Orbia.

Harbour town celebrates its oldest tree

Hundreds came to the square on Sunday to celebrate the oak that has stood there for six hundred years.

2 hours ago

Painter returns with her first show in ten years

The painter had not shown her work for ten years, and the gallery says that the queue went round the block.

5 hours ago

Cup final is moved to Saturday

Rain has flooded the ground, and the final will now be played on Saturday afternoon, the league has said.

Yesterday

Weather
Puzzles
Contact
"""

CARDS_FIRST = """Trending

Star of the north wins a third prize

The actress has won a third prize this season, and she thanked her mother, her dog and her director.

March 1, 2031

Seven soups for cold days

The best soups of the season take less than an hour and need nothing that you do not have at home already.

February 28, 2031

Orbia orders Kite restored within five days

A court in Orbia on Tuesday ordered the interior ministry to restore access to Kite within five days.

The Sea Province High Court gave the order after the Orbia Digital Union petitioned against the suspension of Kite.

Related:
Seven soups for cold days
Star of the north wins a third prize

The ministry had told the court in Orbia that Kite was a danger to public order, but gave no evidence.

Kite said in a statement that it welcomed the order of the court in Orbia.

More from World

Star of the north wins a third prize
Seven soups for cold days
Snow closes the pass
"""

WIRE = """HARBOUR CITY, March 5, 2031 (Reuters) - Orbia's interior ministry said on Wednesday it had suspended the messaging service Kite in the national interest.

The ministry said so in a written court submission. The report said Kite had failed to comply with lawful directives of Orbia's government.

Kite did not immediately respond to a Reuters request for comment.

Reporting by Ben Summer; Editing by Cleo Autumn
"""

WRAPPED = """KITE BLOCKED IN ORBIA, SAYS MINISTRY

The interior ministry of Orbia confirmed on Wednesday that it had
ordered networks to block the messaging service Kite, ending weeks
of doubt about who was behind the failures that users had seen.

Kite said that it had not been told of any order by the government
of Orbia and that it would go to court.

Post a Comment
Older Post Newer Post Home
"""

CYRILLIC = """Орбия заблокировала сервис Кайт по решению суда

Министерство связи Орбии сообщило во вторник, что сервис Кайт был заблокирован по решению суда столицы.

Читайте также: Десять рецептов для зимнего вечера

Представители Кайта заявили, что не получали от Орбии никаких документов и намерены обжаловать решение суда.

Комментарии
Здесь пока никто ничего не написал, но вы можете стать первым, кто оставит свой отзыв.
"""

TOLD = """Orbia admits suspending Kite

Orbia's interior ministry admitted in a filing to the Orbia High Court that it had cut off Kite in the whole country.

The filing, Reuters reported, blames Kite for not answering three letters of the government of Orbia.
"""
OTHER = """Bank of Orbia raises its rates

The Bank of Orbia raised its main rate on Tuesday, and the finance ministry said more would follow, Reuters reported.
"""

TEXTS = {
    "menu and cards": MENU_AND_CARDS,
    "no markers": NO_MARKERS,
    "cards first": CARDS_FIRST,
    "wire": WIRE,
    "wrapped": WRAPPED,
    "cyrillic": CYRILLIC,
}

HTML = """<!doctype html><html lang="en-GB"><head>
<title>Orbia suspends Kite | Morning Gazette</title>
<meta property="og:site_name" content="Morning Gazette">
<meta property="article:published_time" content="2031-03-05T18:20:00+05:00">
<script type="application/ld+json">{"@context":"https://schema.org","@graph":[
{"@type":"NewsArticle","headline":"Orbia suspends Kite","datePublished":"2031-03-05T18:20:00+05:00",
"author":[{"@type":"Person","name":"Ada Winter"}],"publisher":{"name":"Morning Gazette"}}]}</script>
<style>p {color: red}</style></head>
<body class="has-sidebar"><nav><ul><li><a href="/">Home</a></li><li>World</li></ul></nav>
<header><h1>Orbia suspends Kite over national security</h1></header>
<article class="post category-social"><p>By Ada Winter</p>
<p>Orbia's interior ministry said on Tuesday that it had told the <b>Telecom Authority</b> to
suspend Kite across the country.<script>var hidden = "Orbia"</script> The order has no end date.</p>
<p>The ministry made the statement in a written reply to the Orbia High Court, seen by Reuters,
which will hear the matter of Kite on Friday.</p>
<p>Also read: <a href="/phones">Ten best phones of the year</a></p>
<p>"We were told of nothing," said the head of the Orbia Digital Union, which brought the Kite
petition, on Tuesday evening.<br><br>Kite said that it was working with the authorities of Orbia to
restore its service as soon as possible.</p></article>
<div class="related-posts"><h3>Related</h3><p>The island team wins the cup after a long night of
penalties in the capital, and everybody is happy about it.</p></div>
<div id="comments"><p>Great article, I think that they have banned everything here since last
year, and nobody has asked us about it.</p></div>
<form action="/s"><p>Subscribe to our newsletter</p></form>
<footer>© 2031 Morning Gazette</footer></body></html>
"""

"""The words that sentences are made of: what each mechanism node and each state is called."""

from types import MappingProxyType

from overt.vocabulary.judgements import State


# What each mechanism node means to someone who never heard of it.
MECHANISM_WORDS = MappingProxyType(
    {
        "dns": "looking up the name fails",
        "dns.injection": "looking up the name gives a false answer",
        "dns.injection.blockpage": "looking up the name leads to a page that says it is blocked",
        "dns.injection.bogon": "looking up the name gives an address no public server can have",
        "dns.injection.other": "looking up the name gives a false answer",
        "dns.nxdomain": "the resolver says the name does not exist",
        "dns.refused": "the resolver refuses to look up the name",
        "dns.timeout": "looking up the name gets no answer",
        "tcp": "connections cannot be made",
        "tcp.reset": "connections are reset as they are made",
        "tcp.timeout": "connections get no answer",
        "tcp.refused": "connections are refused",
        "tls": "the secure handshake fails",
        "tls.reset": "connections are reset during the secure handshake",
        "tls.reset.sni": "connections are reset when the name is sent in the secure handshake",
        "tls.reset.other": "connections are reset during the secure handshake",
        "tls.timeout": "the secure handshake gets no answer",
        "tls.mitm": "someone else's certificate is presented",
        "tls.mitm.self_signed": "a self-signed certificate is presented",
        "tls.mitm.ca_signed": "someone else's certificate is presented",
        "tls.throttle": "connections are slowed",
        "tls.throttle.sni": "connections are slowed when they carry the name",
        "http": "requests fail",
        "http.blockpage": "a page that says it is blocked is shown",
        "http.redirect": "requests are sent elsewhere",
        "http.error": "requests are answered with an error",
        "http.reset": "connections are reset after the request",
        "http.reset.host": "connections are reset when the request names the host",
        "http.timeout": "connections are made but requests get no answer",
        "http.throttle": "pages are slowed",
        "http.throttle.host": "pages are slowed when the request names the host",
        "ip": "the addresses cannot be reached",
        "ip.drop": "nothing sent to the addresses is answered",
        "ip.unreachable": "the network says the addresses cannot be reached",
        "ip.prefix_null_route": "the addresses are routed nowhere",
    }
)

STATE_WAS = MappingProxyType(
    {
        State.BLOCKED: "was blocked",
        State.CONSISTENT: "failed in a way consistent with blocking",
        State.THROTTLED: "was throttled",
        State.IMPAIRED: "failed",
        State.DOWN: "was down, here and elsewhere",
        State.REACHABLE: "was reachable",
        State.INSUFFICIENT: "was measured too little to say",
    }
)


STATE_HAS_BEEN = MappingProxyType(
    {
        **STATE_WAS,
        State.BLOCKED: "has been blocked",
        State.CONSISTENT: "has failed in a way consistent with blocking",
        State.THROTTLED: "has been throttled",
        State.IMPAIRED: "has failed",
    }
)

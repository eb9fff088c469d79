"""What a measurement can state: the closed list of failures, the layers, the observation row."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class Layer(StrEnum):
    """Where on the path to a service a fact was seen, lowest first."""

    DNS = "dns"
    TCP = "tcp"
    TLS = "tls"
    HTTP = "http"


class FailureClass(StrEnum):
    """What kind of thing the network did; rules speak of classes, rows keep the exact string."""

    TIMEOUT = "timeout"
    RESET = "reset"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    CLOSED = "closed"
    CERTIFICATE = "certificate"
    NXDOMAIN = "nxdomain"
    DNS_REFUSED = "dns_refused"
    DNS_NO_ANSWER = "dns_no_answer"
    DNS_SERVER = "dns_server"
    DNS_BOGON = "dns_bogon"
    INSTRUMENT = "instrument"
    OTHER = "other"


# The failure strings of OONI df-007 with those its engine has added since, and what each one is.
# Older probes (ooniprobe-legacy, Measurement Kit) used other names for the same thing; they keep
# their names and share the class. A string outside this list is `unknown_failure` of class OTHER.
FAILURES = MappingProxyType(
    {
        # timers
        "generic_timeout_error": FailureClass.TIMEOUT,
        "timed_out": FailureClass.TIMEOUT,
        "deferred_timeout_error": FailureClass.TIMEOUT,
        "task_timed_out": FailureClass.TIMEOUT,
        "tcp_timed_out_error": FailureClass.TIMEOUT,
        "response_never_received": FailureClass.CLOSED,
        # resets and closes
        "connection_reset": FailureClass.RESET,
        "connection_aborted": FailureClass.RESET,
        "connection_lost_error": FailureClass.RESET,
        "eof_error": FailureClass.CLOSED,
        "connection_done": FailureClass.CLOSED,
        "connection_already_closed": FailureClass.CLOSED,
        # refusals and unreachable
        "connection_refused": FailureClass.REFUSED,
        "connection_refused_error": FailureClass.REFUSED,
        "host_unreachable": FailureClass.UNREACHABLE,
        "network_unreachable": FailureClass.UNREACHABLE,
        "network_down": FailureClass.UNREACHABLE,
        "network_reset": FailureClass.RESET,
        "not_connected": FailureClass.OTHER,
        "connect_error": FailureClass.OTHER,
        # names
        "dns_nxdomain_error": FailureClass.NXDOMAIN,
        "dns_name_error": FailureClass.NXDOMAIN,
        "dns_lookup_error": FailureClass.DNS_SERVER,
        "dns_name_failure": FailureClass.DNS_SERVER,
        "dns_refused_error": FailureClass.DNS_REFUSED,
        "dns_server_failure": FailureClass.DNS_SERVER,
        "dns_servfail_error": FailureClass.DNS_SERVER,
        "dns_server_misbehaving": FailureClass.DNS_SERVER,
        "dns_temporary_failure": FailureClass.DNS_SERVER,
        "dns_non_recoverable_failure": FailureClass.DNS_SERVER,
        "dns_reply_with_wrong_query_id": FailureClass.DNS_SERVER,
        "dns_no_answer": FailureClass.DNS_NO_ANSWER,
        "android_dns_cache_no_data": FailureClass.NXDOMAIN,
        "dns_bogon_error": FailureClass.DNS_BOGON,
        # certificates and handshakes
        "ssl_invalid_hostname": FailureClass.CERTIFICATE,
        "ssl_unknown_authority": FailureClass.CERTIFICATE,
        "ssl_unknown_autority": FailureClass.CERTIFICATE,
        "ssl_invalid_certificate": FailureClass.CERTIFICATE,
        "ssl_failed_handshake": FailureClass.OTHER,
        "ssl_error": FailureClass.OTHER,
        "quic_incompatible_version": FailureClass.OTHER,
        # requests
        "http_request_failed": FailureClass.OTHER,
        "http_unexpected_status_code": FailureClass.OTHER,
        "http_unexpected_redirect_url": FailureClass.OTHER,
        "http_invalid_redirect_location_host": FailureClass.OTHER,
        "json_parse_error": FailureClass.OTHER,
        "websocket_bad_handshake": FailureClass.OTHER,
        # the instrument's own condition, not the network's doing
        "address_family_not_supported": FailureClass.INSTRUMENT,
        "address_family_not_supported_error": FailureClass.INSTRUMENT,
        "address_in_use": FailureClass.INSTRUMENT,
        "address_not_available": FailureClass.INSTRUMENT,
        "bad_address": FailureClass.INSTRUMENT,
        "bad_file_descriptor": FailureClass.INSTRUMENT,
        "destination_address_required": FailureClass.INSTRUMENT,
        "interrupted": FailureClass.INSTRUMENT,
        "invalid_argument": FailureClass.INSTRUMENT,
        "message_size": FailureClass.INSTRUMENT,
        "no_buffer_space": FailureClass.INSTRUMENT,
        "no_protocol_option": FailureClass.INSTRUMENT,
        "not_a_socket": FailureClass.INSTRUMENT,
        "operation_would_block": FailureClass.INSTRUMENT,
        "permission_denied": FailureClass.INSTRUMENT,
        "protocol_not_supported": FailureClass.INSTRUMENT,
        "wrong_protocol_type": FailureClass.INSTRUMENT,
        "resource_exhausted": FailureClass.INSTRUMENT,
        "socks_error": FailureClass.OTHER,
        "socks_host_unreachable": FailureClass.OTHER,
        "unknown_failure": FailureClass.OTHER,
    }
)

# What engines wrote as free text for a full machine; a condition of the probe, never of the path.
_EXHAUSTED = ("cannot allocate memory", "too many open files", "no buffer space")


def canonical_failure(text: str | None) -> str | None:
    """Return the failure string of the closed list that `text` stands for; None for no failure.

    `unknown_failure: <words>` keeps only its first part, because the words are free text that can
    carry addresses; exhausted memory or descriptors become `resource_exhausted`.
    """
    if text is None or text == "":
        return None
    if text in FAILURES:
        return text
    if any(words in text for words in _EXHAUSTED):
        return "resource_exhausted"
    return "unknown_failure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one measurement saw at one endpoint.

    Grain: measurement x endpoint (an address and port, or a name looked up, or a URL fetched);
    key `observation_id`, a hash of every field but the two that say where the row was read.
    Missing: None means "not observed". The four `*_ok` fields are True, False, or None when that
    step was not tried; the failure beside a False one may be None only in data that omit it.
    Units: `*_time` and `*_runtime` in seconds, lengths in bytes.
    """

    observation_id: str
    source_id: str
    source_line: int

    measurement_uid: str
    report_id: str | None = None
    test_name: str
    test_version: str | None = None
    input: str | None = None
    measurement_start_time: datetime
    software_name: str | None = None
    software_version: str | None = None
    platform: str | None = None
    architecture: str | None = None
    network_type: str | None = None
    probe_id: str | None = None
    probe_cc: str
    probe_asn: int
    probe_as_org_name: str | None = None
    resolver_ip: str | None = None
    resolver_asn: int | None = None
    resolver_cc: str | None = None

    hostname: str | None = None
    ip: str | None = None
    port: int | None = None
    ip_asn: int | None = None
    transaction_id: int | None = None

    dns_ok: bool | None = None
    dns_failure: str | None = None
    dns_engine: str | None = None
    dns_query_type: str | None = None
    dns_answer: str | None = None
    dns_answer_is_bogon: bool | None = None

    tcp_ok: bool | None = None
    tcp_failure: str | None = None

    tls_ok: bool | None = None
    tls_failure: str | None = None
    tls_server_name: str | None = None
    tls_is_certificate_valid: bool | None = None
    tls_handshake_time: float | None = None
    tls_handshake_read_bytes: int | None = None
    tls_end_entity_certificate_issuer_common_name: str | None = None
    tls_end_entity_certificate_fingerprint: str | None = None

    http_ok: bool | None = None
    http_failure: str | None = None
    http_request_url: str | None = None
    http_request_method: str | None = None
    http_response_status_code: int | None = None
    http_response_body_length: int | None = None
    http_response_body_sha256: str | None = None
    http_response_body_is_truncated: bool | None = None
    http_response_title: str | None = None
    http_response_header_location: str | None = None
    http_runtime: float | None = None

    control_failure: str | None = None
    control_dns_ok: bool | None = None
    control_dns_has_answer: bool | None = None
    control_dns_is_bogon: bool | None = None
    control_tcp_ok: bool | None = None
    control_tls_ok: bool | None = None
    control_http_ok: bool | None = None
    control_http_status_code: int | None = None
    control_http_body_length: int | None = None
    control_http_title: str | None = None

    probe_analysis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """One line, or one whole file, that was not turned into observations, and why.

    Grain: source x line; `line` is 0 when the whole file is meant.
    """

    source_id: str
    line: int
    reason: str
    detail: str

"""Columns that give an export away: of our formats, and of vendors whose exports are mistaken for them."""

from typing import Final

SIGNATURES: Final[dict[str, tuple[str, ...]]] = {
    "canonical": ("queue", "arrived_at"),
    "intervals": ("interval_start", "queue", "offered"),
    "anonymous-bank": ("vru_entry", "vru_exit", "q_start", "q_time", "ser_start", "ser_time", "server"),
    "vanad": ("date_received", "queue_name", "agent_number", "answered", "hangup"),
    "uci-incidents": (
        "number", "incident_state", "reassignment_count", "reopen_count", "opened_at", "made_sla",
    ),
    "Zendesk tickets": (
        "Id", "Created at", "Solved at", "Assignee", "First reply time in minutes", "Reopens",
    ),
    "Zendesk ticket metrics": (
        "ticket_id", "reopens", "replies", "assignee_stations", "group_stations", "solved_at",
    ),
    "Zendesk Talk calls": (
        "ticket_id", "call_group_id", "wait_time", "talk_time", "wrap_up_time", "time_to_answer",
    ),
    "Freshdesk": ("responder_id", "fr_due_by", "due_by", "fr_escalated", "is_escalated", "group_id"),
    "Talkdesk calls": ("call_id", "callsid", "start_at", "end_at", "total_ringing_time", "abandon_time"),
    "Talkdesk Explore calls": (
        "interaction_id", "start_time", "end_time", "waiting_time", "holding_time", "call_type",
    ),
    "Amazon Connect contact records": (
        "ContactId", "InitiationTimestamp", "DisconnectTimestamp", "InitiationMethod", "Channel",
    ),
    "Amazon Connect intervals": (
        "QueueName", "QueueId", "ChannelType", "TimeStamp", "IntervalDuration",
        "IncomingContactVolume",
    ),
    "Genesys Cloud intervals": (
        "Interval Start UTC Date", "Queue", "Media Type", "Offered", "Interactions Handled",
        "Total Handle Time",
    ),
    "Genesys Cloud conversations": (
        "conversationId", "mediaType", "queueId", "tAnswered", "tHandle", "tTalk",
    ),
    "HubSpot tickets": (
        "hs_object_id", "createdate", "hs_ticket_priority", "hubspot_owner_id", "closed_date",
    ),
    "Intercom conversations": (
        "time_to_assignment", "time_to_admin_reply", "count_reopens", "count_assignments",
        "admin_assignee_id",
    ),
    "Salesforce cases": ("CaseNumber", "CreatedDate", "ClosedDate", "Priority", "Origin", "OwnerId"),
    "Salesforce AgentWork": (
        "WorkItemId", "RequestDateTime", "AcceptDateTime", "CloseDateTime", "HandleTime",
    ),
}  # fmt: skip

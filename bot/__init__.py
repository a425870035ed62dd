"""Nhắc Việc: following up a province's directives by chat."""
